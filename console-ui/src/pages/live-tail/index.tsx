// The live tail: chooses groups, streams and pattern, and shows their lines as they are written. What is tailed is in the address.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { failureOf } from "../../api/errors";
import { MOST_TAILED_GROUPS } from "../../api/live-tail";
import { Page } from "../../app/page";
import { PatternBox } from "../../components/log-events/pattern-box";
import { GroupSelect } from "../../components/log-groups/group-select";
import type { TailPlan } from "../../components/live-tail/run";
import { TailLines } from "../../components/live-tail/tail-lines";
import { useTail } from "../../components/live-tail/use-tail";
import { useMessages } from "../../i18n/language";

const HEIGHT = "max(280px, calc(100vh - 470px))";

/** The page. */
export default function LiveTailPage() {
  const { liveTail } = useMessages();
  const [params, setParams] = useSearchParams();
  const plan = useMemo(() => planOf(params), [params]);
  const [isStopped, setIsStopped] = useState(false);
  const isRunning = !isStopped && plan.groups.length > 0 && plan.groups.length <= MOST_TAILED_GROUPS;
  const tail = useTail(isRunning ? plan : undefined);
  const { status } = tail.view;
  const change = (next: Partial<TailPlan>) => {
    setParams(paramsOf({ ...plan, ...next }), { replace: true });
    setIsStopped(false);
  };
  const failure = status.kind === "failed" ? failureOf(status.error) : undefined;
  const patternError = failure?.kind === "invalid" && plan.pattern ? failure.message : undefined;
  return (
    <Page crumbs={[{ text: liveTail.title, href: "/logs/live-tail" }]}>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          description={liveTail.description}
          actions={
            plan.groups.length > 0 && (
              <Button variant={isRunning ? "normal" : "primary"} onClick={() => setIsStopped(isRunning)}>
                {isRunning ? liveTail.stop : liveTail.start}
              </Button>
            )
          }
        >
          {liveTail.title}
        </Header>
        <Container>
          <SpaceBetween size="m">
            <Choice plan={plan} onChange={change} patternError={patternError} />
            <TailLines
              tail={tail}
              label={liveTail.label}
              fileName="live-tail"
              height={HEIGHT}
              isFailureShown={patternError !== undefined}
              absent={<Box color="inherit">{liveTail.absent}</Box>}
            />
          </SpaceBetween>
        </Container>
      </SpaceBetween>
    </Page>
  );
}

interface ChoiceProps {
  readonly plan: TailPlan;
  readonly onChange: (next: Partial<TailPlan>) => void;
  readonly patternError: string | undefined;
}

function Choice({ plan, onChange, patternError }: ChoiceProps) {
  const { liveTail } = useMessages();
  const [prefix, setPrefix] = useState(plan.prefix);
  const isOne = plan.groups.length <= 1;
  const apply = () => prefix.trim() !== plan.prefix && onChange({ prefix: prefix.trim() });
  return (
    <SpaceBetween size="s">
      <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
        <GroupSelect
          groups={plan.groups}
          onChange={(groups) => onChange({ groups })}
          most={MOST_TAILED_GROUPS}
          tooMany={liveTail.tooMany}
          placeholder={liveTail.groupsPlaceholder}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            apply();
          }}
        >
          <FormField label={liveTail.prefix} constraintText={isOne ? undefined : liveTail.prefixHelp} stretch>
            <Input
              value={prefix}
              disabled={!isOne}
              placeholder={liveTail.prefixPlaceholder}
              onChange={({ detail }) => setPrefix(detail.value)}
              onBlur={apply}
            />
          </FormField>
        </form>
      </Grid>
      <FormField label={liveTail.pattern} stretch>
        <PatternBox value={plan.pattern} onApply={(pattern) => onChange({ pattern })} error={patternError} />
      </FormField>
    </SpaceBetween>
  );
}

function planOf(params: URLSearchParams): TailPlan {
  return {
    groups: [...new Set(params.getAll("group").filter(Boolean))],
    prefix: params.get("prefix") ?? "",
    pattern: params.get("filter") ?? "",
    minutes: 0,
  };
}

function paramsOf({ groups, prefix, pattern }: TailPlan): URLSearchParams {
  const params = new URLSearchParams(groups.map((group) => ["group", group]));
  if (prefix) params.set("prefix", prefix);
  if (pattern) params.set("filter", pattern);
  return params;
}
