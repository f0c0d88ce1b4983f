// The Code tab: the package's files in an editor, their deployment, and a test beside them.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState, type RefObject } from "react";
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
  const bench = useRef<HTMLDivElement>(null);
  return (
    <SpaceBetween size="m">
      <div ref={bench} className="code-bench">
        <SpaceBetween size="m">
          <Notes code={code} name={context.name} />
          <CodeSource context={context} code={code} place={place} />
          <Result name={context.name} bench={bench} />
        </SpaceBetween>
      </div>
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
  const { deployError, isElsewhere } = code;
  const top = useRef<HTMLDivElement>(null);
  const isTrouble = isElsewhere || deployError !== null;
  useEffect(() => {
    if (isTrouble) top.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [isTrouble]);
  const isMissing = missing !== null && code.desk !== undefined && !code.desk.workspace.now.files.has(missing);
  if (!code.isReadOnly && !isTrouble && !isMissing) return null;
  return (
    <div ref={top} className="code-bench">
      {code.isReadOnly && (
        <Alert type="info">
          {functionCode.readOnly}{" "}
          <RouteLink to={`/functions/${encodeURIComponent(name)}/code`}>{functionCode.toLatest}</RouteLink>
        </Alert>
      )}
      {isElsewhere && (
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
      {isMissing && <Alert type="info">{functionCode.noSuchFile(missing)}</Alert>}
    </div>
  );
}

/** The result of a test that was run since the tab was opened; the page moves so that editor and result are both seen. */
function Result({ name, bench: place }: { name: string; bench: RefObject<HTMLDivElement | null> }) {
  const [bench] = useBench(name);
  const run = shownRun(bench);
  const [closed, setClosed] = useState(run?.outcome && run.id);
  const isShown = run !== undefined && run.id !== closed;
  const started = isShown ? run.id : undefined;
  useEffect(() => {
    if (started) place.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  }, [started, place]);
  return isShown ? <BenchResult name={name} onClose={() => setClosed(run.id)} /> : null;
}
