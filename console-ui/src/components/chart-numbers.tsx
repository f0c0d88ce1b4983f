// The numbers behind a chart, as a table: the newest first.
import Box from "@cloudscape-design/components/box";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import { useMemo, useState } from "react";
import type { ChartSeries } from "../chart/geometry";
import { numberRows, type NumberRow } from "../chart/numbers";
import { writeTime } from "../chart/tick";
import { writeValue } from "../chart/unit";
import { useFormat } from "../i18n/format";
import { useLanguage, useMessages } from "../i18n/language";

/** The table. */
export function ChartNumbers({ title, series, pageSize }: { title: string; series: readonly ChartSeries[]; pageSize: number }) {
  const { chart } = useMessages();
  const format = useFormat();
  const language = useLanguage();
  const [asked, setAsked] = useState(1);
  const rows = useMemo(() => numberRows(series).reverse(), [series]);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(asked, pages);
  const periodS = Math.min(60, ...series.map((one) => one.periodS));
  return (
    <Table<NumberRow>
      variant="borderless"
      contentDensity="compact"
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: title }}
      trackBy={({ t }) => String(t)}
      items={rows.slice((page - 1) * pageSize, page * pageSize)}
      empty={<Box color="text-body-secondary">{chart.noData}</Box>}
      columnDefinitions={[
        { id: "time", header: chart.time, isRowHeader: true, cell: ({ t }) => <Nowrap>{writeTime(t, periodS, language)}</Nowrap> },
        ...series.map((one, at) => ({
          id: one.id,
          header: one.label,
          cell: ({ values }: NumberRow) => <Nowrap>{writeValue(values[at], one.unit, format)}</Nowrap>,
        })),
      ]}
      pagination={
        pages > 1 && <Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => setAsked(detail.currentPageIndex)} />
      }
    />
  );
}

function Nowrap({ children }: { children: string }) {
  return <span style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>{children}</span>;
}
