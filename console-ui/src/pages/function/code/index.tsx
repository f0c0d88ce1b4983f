// The Code tab: the package's files in an editor, their deployment, and a test beside them.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { DeployFailed } from "../../../api/code";
import { useBench } from "../../../api/test-runs";
import { BenchResult } from "../../../components/bench-result";
import { FailureAlert } from "../../../components/failure-alert";
import { RouteLink } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import { opening } from "../../../package/desk";
import { shownRun } from "../../../testing/bench";
import { useFunction } from "../context";
import { CodeProperties, RuntimeSettings } from "./properties";
import { CodeSource } from "./source";
import { useCode, type CodeDesk } from "./use-code";

/** The page. */
export default function Code() {
  const context = useFunction();
  const code = useCode(context);
  const place = useLinkedPlace(code);
  return (
    <SpaceBetween size="m">
      <Notes code={code} name={context.name} />
      <CodeSource context={context} code={code} place={place} />
      <Result name={context.name} />
      <CodeProperties configuration={context.detail.Configuration ?? {}} />
      <RuntimeSettings name={context.name} configuration={context.detail.Configuration ?? {}} isReadOnly={code.isReadOnly} />
    </SpaceBetween>
  );
}

/** Opens the file that the address names, at its line: `?file=pkg/app.py&line=12`. */
function useLinkedPlace({ desk, change }: CodeDesk) {
  const [search] = useSearchParams();
  const file = search.get("file") ?? undefined;
  const line = Number(search.get("line")) || undefined;
  const isReady = desk !== undefined;
  const [place, setPlace] = useState<{ file: string | undefined; line: number }>();
  if (line === undefined ? place !== undefined : place?.line !== line || place.file !== file) {
    setPlace(line === undefined ? undefined : { file, line });
  }
  useEffect(() => {
    if (file && isReady) change((desk) => (desk.active === file ? desk : opening(desk, file)));
    // Only when the address changes: what is opened later changes the address itself.
  }, [file, isReady]);
  return place;
}

/** What the reader must know before editing. */
function Notes({ code, name }: { code: CodeDesk; name: string }) {
  const { functionCode } = useMessages();
  const [search] = useSearchParams();
  const missing = search.get("file");
  const { deployError } = code;
  return (
    <>
      {code.isReadOnly && (
        <Alert type="info">
          {functionCode.readOnly}{" "}
          <RouteLink to={`/functions/${encodeURIComponent(name)}/code`}>{functionCode.toLatest}</RouteLink>
        </Alert>
      )}
      {code.isElsewhere && (
        <Alert
          type="warning"
          header={functionCode.elsewhere}
          action={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={code.reload}>{functionCode.reload}</Button>
              <Button onClick={() => void code.deploy(true)}>{functionCode.deployAnyway}</Button>
            </SpaceBetween>
          }
        >
          {functionCode.elsewhereHelp}
        </Alert>
      )}
      {deployError instanceof DeployFailed ? (
        <Alert type="error" header={functionCode.deployFailed} dismissible onDismiss={code.forgetDeployError}>
          {deployError.message}
        </Alert>
      ) : (
        <FailureAlert error={deployError} header={functionCode.notDeployed} />
      )}
      {missing && code.desk && !code.desk.workspace.now.files.has(missing) && (
        <Alert type="info">{functionCode.noSuchFile(missing)}</Alert>
      )}
    </>
  );
}

/** The result of a test that was run since the tab was opened. */
function Result({ name }: { name: string }) {
  const [bench] = useBench(name);
  const run = shownRun(bench);
  const [closed, setClosed] = useState(run?.outcome && run.id);
  const panel = useRef<HTMLDivElement>(null);
  const isShown = run !== undefined && run.id !== closed;
  const isDone = run?.outcome !== undefined;
  useEffect(() => {
    if (isShown) panel.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [isShown, isDone, run?.id]);
  if (!isShown) return null;
  return (
    <div ref={panel} className="code-result">
      <BenchResult name={name} onClose={() => setClosed(run.id)} />
    </div>
  );
}
