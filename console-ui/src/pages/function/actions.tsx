// What can be done with a function as a whole: the buttons beside its name.
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { locatePackage } from "../../api/code";
import { useDeleteFunctions } from "../../api/functions";
import { useNotices } from "../../app/notices";
import { DeleteModal } from "../../components/delete-modal";
import { downloadAddress, downloadText } from "../../components/download";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";
import { keepDesk } from "../../package/desk-store";
import { QualifierChoice } from "./qualifier";

/** The tabs that have a Test button of their own. */
const TESTS_ITSELF = /\/(code|test)$/;

/** The buttons. */
export function FunctionActions({
  name,
  qualifier,
  detail,
}: {
  name: string;
  qualifier: string | undefined;
  detail: GetFunctionCommandOutput;
}) {
  const { app, functionPage } = useMessages();
  const { pathname } = useLocation();
  const [isAsking, setIsAsking] = useState(false);
  const act = useActions(name, qualifier, detail, () => setIsAsking(true));
  const suffix = qualifier ? `?qualifier=${encodeURIComponent(qualifier)}` : "";
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <QualifierChoice name={name} qualifier={qualifier} />
      <ButtonDropdown
        onItemClick={({ detail: { id } }) => act(id)}
        items={[
          { id: "copy-arn", text: functionPage.copyArn },
          { id: "publish", text: functionPage.publishVersion },
          { id: "create-alias", text: functionPage.createAlias },
          {
            text: functionPage.export,
            items: [
              { id: "download-code", text: functionPage.downloadCode },
              { id: "download-configuration", text: functionPage.downloadConfiguration },
            ],
          },
          { id: "delete", text: functionPage.deleteFunction },
        ]}
      >
        {app.actions}
      </ButtonDropdown>
      {!TESTS_ITSELF.test(pathname) && (
        <RouteButton variant="primary" to={`/functions/${encodeURIComponent(name)}/test${suffix}`}>
          {functionPage.invoke}
        </RouteButton>
      )}
      {isAsking && <Deletion name={name} onDismiss={() => setIsAsking(false)} />}
    </SpaceBetween>
  );
}

function useActions(name: string, qualifier: string | undefined, detail: GetFunctionCommandOutput, askToDelete: () => void) {
  const { app, functionPage } = useMessages();
  const notices = useNotices();
  const navigate = useNavigate();
  const base = `/functions/${encodeURIComponent(name)}`;
  const file = qualifier ? `${name}-${qualifier}` : name;
  const actions: Record<string, () => void> = {
    "copy-arn": () => {
      navigator.clipboard
        .writeText(detail.Configuration?.FunctionArn ?? "")
        .then(() => notices.success(functionPage.arnCopied))
        .catch((error: unknown) => notices.failure(app.copyFailed, error));
    },
    publish: () => void navigate(`${base}/versions?publish=1`),
    "create-alias": () => {
      const version = detail.Configuration?.Version;
      void navigate(`${base}/aliases?create=1${qualifier && version ? `&version=${version}` : ""}`);
    },
    "download-code": () => {
      locatePackage(name, qualifier)
        .then(({ path }) => downloadAddress(`${file}.zip`, path))
        .catch((error: unknown) => notices.failure(functionPage.downloadFailed, error));
    },
    "download-configuration": () =>
      downloadText(`${file}.json`, `${JSON.stringify(detail.Configuration ?? {}, null, 2)}\n`, "application/json"),
    delete: askToDelete,
  };
  return (id: string) => actions[id]?.();
}

function Deletion({ name, onDismiss }: { name: string; onDismiss: () => void }) {
  const { functionPage } = useMessages();
  const notices = useNotices();
  const navigate = useNavigate();
  const deletion = useDeleteFunctions();
  const remove = () =>
    deletion.mutate([name], {
      onSuccess: () => {
        keepDesk(name, undefined);
        notices.success(functionPage.deleted(name));
        void navigate("/functions");
      },
    });
  return (
    <DeleteModal
      what={functionPage.deleteWhat(name)}
      isBusy={deletion.isPending}
      error={deletion.error}
      onDelete={remove}
      onDismiss={onDismiss}
    >
      {functionPage.deleteWarning}
    </DeleteModal>
  );
}
