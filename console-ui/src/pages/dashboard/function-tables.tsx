// The functions that need a look: the slowest, and those that fail most.
import Box from "@cloudscape-design/components/box";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useMemo } from "react";
import { RouteLink } from "../../components/route-link";
import {
  errorRate,
  MOST_COUNTED,
  MOST_TIMED,
  mostFailing,
  slowest,
  type FunctionNumbers,
} from "../../dashboard/ranking";
import type { DashboardRange } from "../../dashboard/span";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

interface FunctionTablesProps {
  readonly numbers: readonly FunctionNumbers[] | undefined;
  readonly isLoading: boolean;
  /** Whether the account has more functions than are asked about. */
  readonly isBounded: boolean;
  readonly range: DashboardRange;
}

/** The tables. */
export function FunctionTables({ numbers = [], isLoading, isBounded, range }: FunctionTablesProps) {
  const { dashboard } = useMessages();
  const columns = useColumns(range);
  const note = isBounded ? ` ${dashboard.bounded(MOST_COUNTED)}` : "";
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, m: 6 } }, { colspan: { default: 12, m: 6 } }]}>
      <Ranking
        title={dashboard.slowest}
        description={dashboard.slowestHelp(MOST_TIMED) + note}
        items={slowest(numbers)}
        columns={[columns.name, columns.p99, columns.average, columns.invocations]}
        isLoading={isLoading}
        empty={dashboard.noneCalled}
        emptyHelp={dashboard.noneCalledHelp}
      />
      <Ranking
        title={dashboard.failing}
        description={dashboard.failingHelp + note}
        items={mostFailing(numbers)}
        columns={[columns.name, columns.errors, columns.rate, columns.invocations]}
        isLoading={isLoading}
        empty={dashboard.noneFailed}
        emptyHelp={dashboard.noneFailedHelp}
      />
    </Grid>
  );
}

type NumbersColumn = TableProps.ColumnDefinition<FunctionNumbers>;

function useColumns(range: DashboardRange) {
  const { dashboard } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = dashboard.columns;
    const column = (id: keyof typeof words, cell: NumbersColumn["cell"]): NumbersColumn => ({ id, header: words[id], cell });
    return {
      name: {
        ...column("name", ({ name }) => (
          <span title={name}>
            <RouteLink to={`/functions/${encodeURIComponent(name)}/monitor?range=${range}`}>{name}</RouteLink>
          </span>
        )),
        isRowHeader: true,
        maxWidth: 220,
      },
      invocations: column("invocations", ({ invocations }) => format.number(invocations)),
      errors: column("errors", ({ errors }) => format.number(errors)),
      rate: column("rate", (numbers) => format.percent(errorRate(numbers))),
      average: column("average", ({ average }) => format.duration(average)),
      p99: column("p99", ({ p99 }) => format.duration(p99)),
    };
  }, [dashboard, format, range]);
}

interface RankingProps {
  readonly title: string;
  readonly description: string;
  readonly items: readonly FunctionNumbers[];
  readonly columns: readonly NumbersColumn[];
  readonly isLoading: boolean;
  readonly empty: string;
  readonly emptyHelp: string;
}

function Ranking({ title, description, items, columns, isLoading, empty, emptyHelp }: RankingProps) {
  const { app } = useMessages();
  return (
    <Table<FunctionNumbers>
      items={items}
      columnDefinitions={columns}
      trackBy="name"
      loading={isLoading && items.length === 0}
      loadingText={app.loading}
      header={
        <Header variant="h2" description={description}>
          {title}
        </Header>
      }
      empty={
        <Box textAlign="center" color="inherit" margin={{ vertical: "s" }}>
          <SpaceBetween size="xxs">
            <b>{empty}</b>
            <Box color="text-body-secondary">{emptyHelp}</Box>
          </SpaceBetween>
        </Box>
      }
    />
  );
}
