// What can be done with the code as a whole: test, deploy, download, upload, discard.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { locatePackage } from "../../../api/code";
import { useNotices } from "../../../app/notices";
import { ConfirmModal } from "../../../components/confirm-modal";
import { downloadAddress } from "../../../components/download";
import { EventSelect } from "../../../components/event-select";
import { useMessages } from "../../../i18n/language";
import { discarding } from "../../../package/desk";
import type { FunctionContext } from "../context";
import { DeployFirstModal } from "./deploy-first-modal";
import { PackageUpload } from "./package-upload";
import type { CodeDesk } from "./use-code";
import { useQuickTest } from "./use-quick-test";

/** The header of the editor. */
export function Toolbar({ context, code }: { context: FunctionContext; code: CodeDesk }) {
  const { functionCode, functionTest } = useMessages();
  const [asking, setAsking] = useState<"deploy-first" | "upload" | "discard">();
  const { hand, fault, isRunning, run } = useQuickTest(context);
  const deploy = useDeployment(context.name, code);
  const { isUnsaved, isReadOnly, isDeploying } = code;
  const canDeploy = isUnsaved && !isDeploying && !code.isElsewhere;
  useSaveKey(() => canDeploy && void deploy());
  const test = () => (isUnsaved ? setAsking("deploy-first") : run());
  const deployAndTest = async () => {
    setAsking(undefined);
    if (await deploy()) run();
  };
  return (
    <>
      <Header
        variant="h2"
        actions={
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <div className="code-event">
              <EventSelect hand={hand} label={functionTest.event} />
            </div>
            <Button
              {...(isUnsaved ? {} : { variant: "primary" })}
              loading={isRunning}
              loadingText={functionTest.testing}
              disabled={!hand.event || fault !== undefined || isDeploying}
              disabledReason={fault}
              onClick={test}
            >
              {functionTest.test}
            </Button>
            {!isReadOnly && (
              <Button
                {...(isUnsaved ? { variant: "primary" } : {})}
                loading={isDeploying}
                loadingText={functionCode.deploying}
                disabled={!canDeploy}
                onClick={() => void deploy()}
              >
                {functionCode.deploy}
              </Button>
            )}
            <More context={context} code={code} onAsk={setAsking} />
          </SpaceBetween>
        }
      >
        {functionCode.title}
      </Header>
      {asking === "deploy-first" && (
        <DeployFirstModal
          onDeploy={() => void deployAndTest()}
          onTest={() => {
            setAsking(undefined);
            run();
          }}
          onDismiss={() => setAsking(undefined)}
        />
      )}
      {asking === "upload" && <PackageUpload code={code} onDismiss={() => setAsking(undefined)} />}
      {asking === "discard" && (
        <ConfirmModal
          title={functionCode.discardTitle}
          label={functionCode.discard}
          isBusy={false}
          onConfirm={() => {
            code.change((desk) => discarding(desk, context.detail.Configuration?.Handler));
            setAsking(undefined);
          }}
          onDismiss={() => setAsking(undefined)}
        >
          {functionCode.discardHelp}
        </ConfirmModal>
      )}
    </>
  );
}

function More({ context, code, onAsk }: { context: FunctionContext; code: CodeDesk; onAsk: (what: "upload" | "discard") => void }) {
  const { app, functionCode } = useMessages();
  const notices = useNotices();
  const { name, qualifier } = context;
  const download = () => {
    locatePackage(name, qualifier)
      .then(({ path }) => downloadAddress(`${qualifier ? `${name}-${qualifier}` : name}.zip`, path))
      .catch((error: unknown) => notices.failure(functionCode.fetchFailed, error));
  };
  const actions: Record<string, () => void> = { download, upload: () => onAsk("upload"), discard: () => onAsk("discard") };
  return (
    <ButtonDropdown
      items={[
        ...(code.isReadOnly ? [] : [{ id: "upload", text: functionCode.uploadZip, disabled: code.isDeploying }]),
        { id: "download", text: functionCode.downloadZip },
        ...(code.isReadOnly ? [] : [{ id: "discard", text: functionCode.discard, disabled: !code.isUnsaved || code.isDeploying }]),
      ]}
      onItemClick={({ detail }) => actions[detail.id]?.()}
    >
      {app.actions}
    </ButtonDropdown>
  );
}

/** Deploys, and says so once the function runs the code. */
function useDeployment(name: string, code: CodeDesk): () => Promise<boolean> {
  const { functionCode } = useMessages();
  const notices = useNotices();
  return async () => {
    const isDone = await code.deploy();
    if (isDone) notices.success(functionCode.deployed(name));
    return isDone;
  };
}

/** Ctrl-S or Cmd-S, wherever the focus is. */
function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
