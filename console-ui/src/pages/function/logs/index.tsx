// A function's logs as they are written; those of one request, or of a time, when the address asks for them.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSearchParams } from "react-router";
import { PatternBox } from "../../../components/log-events/pattern-box";
import { GroupEvents } from "../../../components/log-events/group-events";
import { useLogSearch } from "../../../components/log-events/log-search";
import { patternError } from "../../../components/log-events/search-bar";
import { TailLines } from "../../../components/live-tail/tail-lines";
import { useTail } from "../../../components/live-tail/use-tail";
import { RouteButton } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import type { Range } from "../../../log/range";
import { useFunction } from "../context";

const ALL: Range = { kind: "all" };
const MINUTES = [0, 5, 15, 60, 720];
const USUAL_MINUTES = 15;

/** The tab. */
export default function Logs() {
  const { functionLogs, logs } = useMessages();
  const { name, detail } = useFunction();
  const group = detail.Configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
  const [params, setParams] = useSearchParams();
  const isSearch = params.has("requestId") || params.has("range") || params.has("from");
  const toLive = () =>
    setParams((params) => {
      const live = new URLSearchParams(params);
      for (const name of ["requestId", "range", "from", "to"]) live.delete(name);
      return live;
    });
  const route = `/logs/groups/${encodeURIComponent(group)}`;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={isSearch ? group : functionLogs.description(group)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {isSearch && <Button onClick={toLive}>{functionLogs.toLive}</Button>}
              <RouteButton to={`${route}?tab=search`}>{logs.group.search}</RouteButton>
              <RouteButton to={route}>{functionLogs.openGroup}</RouteButton>
              <RouteButton to={`/logs/insights?group=${encodeURIComponent(group)}`}>{functionLogs.insights}</RouteButton>
            </SpaceBetween>
          }
        >
          {functionLogs.title}
        </Header>
      }
    >
      {isSearch ? <GroupEvents group={group} otherwise={ALL} /> : <LiveLines name={name} group={group} />}
    </Container>
  );
}

function LiveLines({ name, group }: { name: string; group: string }) {
  const { functionLogs } = useMessages();
  const { search, change } = useLogSearch(ALL);
  const [params, setParams] = useSearchParams();
  const minutes = minutesOf(params.get("last"));
  const tail = useTail({ groups: [group], prefix: "", pattern: search.filter, minutes });
  const { status } = tail.view;
  const error = status.kind === "failed" ? patternError(search, status.error) : undefined;
  const option = (minutes: number) => ({ value: String(minutes), label: functionLogs.firstOption(minutes) });
  return (
    <SpaceBetween size="s">
      <div className="log-tools">
        <PatternBox value={search.filter} onApply={(filter) => change({ filter })} error={error} />
        <Select
          ariaLabel={functionLogs.first}
          inlineLabelText={functionLogs.first}
          selectedOption={option(minutes)}
          options={MINUTES.map(option)}
          onChange={({ detail }) =>
            setParams((params) => {
              const next = new URLSearchParams(params);
              next.set("last", detail.selectedOption.value ?? "");
              return next;
            })
          }
        />
      </div>
      <TailLines
        tail={tail}
        label={functionLogs.label(name)}
        fileName={name}
        isFailureShown={error !== undefined}
        absent={
          <SpaceBetween size="xs" alignItems="center">
            <Box variant="strong">{functionLogs.absent}</Box>
            <Box color="inherit">{functionLogs.absentHelp}</Box>
            <RouteButton to={`/functions/${encodeURIComponent(name)}/test`}>{functionLogs.test}</RouteButton>
          </SpaceBetween>
        }
      />
    </SpaceBetween>
  );
}

function minutesOf(text: string | null): number {
  const minutes = Number(text ?? USUAL_MINUTES);
  return MINUTES.includes(minutes) ? minutes : USUAL_MINUTES;
}
