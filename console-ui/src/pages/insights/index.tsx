// Logs Insights: a query over log groups. Groups, range, query and the run's id are in the address.
import "../../components/log-events/log-events.css";
import "./insights.css";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { MOST_QUERIED_GROUPS, useStartQuery } from "../../api/insights";
import { Page } from "../../app/page";
import { GroupSelect } from "../../components/log-groups/group-select";
import { RangePicker } from "../../components/log-events/range-picker";
import { useMessages } from "../../i18n/language";
import { draftAt, keepDraft, keptDraft, type Draft } from "../../insights/draft";
import { FIRST_QUERY } from "../../insights/samples";
import { boundsOf, readRange, writeRange, type Range } from "../../log/range";
import { QueryEditor } from "./editor";
import { History } from "./history";
import { Results } from "./results";

const LAST_HOUR: Range = { kind: "relative", last: "1h" };

interface Choice {
  readonly groups: readonly string[];
  readonly range: Range;
  readonly query: string;
  /** The run whose results are shown. */
  readonly id: string | undefined;
}

/** The page. */
export default function InsightsPage() {
  const { insights } = useMessages();
  const [params, setParams] = useSearchParams();
  const choice = useMemo(() => choiceOf(params), [params]);
  const [draft, setDraft] = useState(() => draftAt(choice.query, keptDraft()));
  const type = (draft: Draft) => {
    setDraft(draft);
    keepDraft(draft);
  };
  // A query from elsewhere (history, the way back) replaces what is typed.
  const text = draft.of === choice.query ? draft.text : choice.query;
  const [isHistory, setIsHistory] = useState(false);
  const start = useStartQuery();
  const change = (next: Partial<Choice>, isReplacing = false) =>
    setParams(paramsOf({ ...choice, query: text, ...next }), { replace: isReplacing });
  const run = () => {
    start.mutate(
      { groups: choice.groups, query: text, bounds: boundsOf(choice.range, Date.now()) },
      {
        onSuccess: (id) => {
          type({ text, of: text });
          change({ id });
        },
      },
    );
  };
  return (
    <Page crumbs={[{ text: insights.title, href: "/logs/insights" }]}>
      <SpaceBetween size="m">
        <Header variant="h1" description={insights.description}>
          {insights.title}
        </Header>
        <Container>
          <SpaceBetween size="s">
            <div className="log-tools" style={{ alignItems: "flex-start" }}>
              <div className="log-tools-grow">
                <GroupSelect
                  groups={choice.groups}
                  onChange={(groups) => change({ groups }, true)}
                  most={MOST_QUERIED_GROUPS}
                  tooMany={insights.tooMany}
                  placeholder={insights.groupsPlaceholder}
                />
              </div>
              <div className="insights-range">
                <RangePicker range={choice.range} onChange={(range) => change({ range }, true)} offered={["30m", "1h", "12h", "1d", "1w"]} hasAll={false} />
              </div>
            </div>
            <QueryEditor
              text={text}
              onChange={(text) => type({ text, of: choice.query })}
              groups={choice.groups}
              isStarting={start.isPending}
              error={start.error}
              onRun={run}
              onHistory={() => setIsHistory(true)}
            />
          </SpaceBetween>
        </Container>
        <Results id={choice.id} query={choice.query} />
        {isHistory && (
          <History
            onDismiss={() => setIsHistory(false)}
            onOpen={({ id, query, group }) => {
              setIsHistory(false);
              start.reset();
              type({ text: query, of: query });
              change({ id, query, ...(group && !choice.groups.includes(group) ? { groups: [group] } : {}) });
            }}
          />
        )}
      </SpaceBetween>
    </Page>
  );
}

function choiceOf(params: URLSearchParams): Choice {
  return {
    groups: [...new Set(params.getAll("group").filter(Boolean))],
    range: readRange(params, LAST_HOUR),
    query: params.get("query") ?? FIRST_QUERY,
    id: params.get("id") ?? undefined,
  };
}

function paramsOf({ groups, range, query, id }: Choice): URLSearchParams {
  const params = new URLSearchParams(groups.map((group) => ["group", group]));
  writeRange(params, range);
  if (query !== FIRST_QUERY) params.set("query", query);
  if (id) params.set("id", id);
  return params;
}
