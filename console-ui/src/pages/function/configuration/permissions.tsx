// Permissions: the execution role, and who may call the function from outside of its account.
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { policyQuery, useRemovePermission } from "../../../api/permissions";
import { useNotices } from "../../../app/notices";
import { DeleteModal } from "../../../components/delete-modal";
import { FailureAlert } from "../../../components/failure-alert";
import { ResourceTable, type Column } from "../../../components/resource-table";
import { RouteButton } from "../../../components/route-link";
import { Snippet } from "../../../components/snippet";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { PermissionForm } from "./permission-form";
import { statementsOf, type Statement } from "./policy";
import { SectionView } from "./section";

/** The section. A version or alias has a policy of its own. */
export function Permissions() {
  const { name, qualifier } = useFunction();
  const { isEditing } = usePlace();
  const of = qualifier === "$LATEST" ? undefined : qualifier;
  const policy = useQuery(policyQuery(name, of));
  if (isEditing) {
    const taken = statementsOf(policy.data?.text).map(({ id }) => id);
    return <PermissionForm name={name} qualifier={of} taken={taken} />;
  }
  return (
    <SpaceBetween size="l">
      <Role />
      <Policy name={name} qualifier={of} query={policy} />
    </SpaceBetween>
  );
}

function Role() {
  const { app, functionConfiguration } = useMessages();
  const { permissions } = functionConfiguration;
  const { detail } = useFunction();
  const arn = detail.Configuration?.Role ?? "";
  return (
    <SectionView title={permissions.role} description={permissions.roleHelp}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: permissions.roleName, value: arn.split("/").at(-1) || "–" },
          {
            label: permissions.roleArn,
            value: (
              <CopyToClipboard
                variant="inline"
                textToCopy={arn}
                copyButtonAriaLabel={permissions.copyRole}
                copySuccessText={app.copied}
                copyErrorText={app.copyFailed}
              />
            ),
          },
        ]}
      />
    </SectionView>
  );
}

function Policy(props: {
  name: string;
  qualifier: string | undefined;
  query: ReturnType<typeof useQuery<{ text: string | undefined; revisionId: string | undefined }>>;
}) {
  const { app, functionConfiguration } = useMessages();
  const { permissions } = functionConfiguration;
  const { routeOf } = usePlace();
  const { query } = props;
  const [selected, setSelected] = useState<Statement[]>([]);
  const [isAsking, setIsAsking] = useState(false);
  const [isReading, setIsReading] = useState(false);
  const statements = statementsOf(query.data?.text);
  // A statement that went elsewhere is not selected any longer.
  const chosen = statements.filter(({ id }) => selected.some((statement) => statement.id === id));
  const help = props.qualifier ? `${permissions.policyOf(props.qualifier)} ${permissions.policyHelp}` : permissions.policyHelp;
  const add = <RouteButton to={routeOf("permissions", true)}>{permissions.add}</RouteButton>;
  return (
    <>
      <ResourceTable
        id="permissions"
        title={permissions.policy}
        description={help}
        items={statements}
        isLoading={query.isPending}
        columns={useColumns()}
        trackBy={({ id }) => id}
        textOf={({ id, principal, action, conditions }) => [id, principal, action, ...conditions].join(" ")}
        filterPlaceholder={permissions.filter}
        empty={permissions.empty}
        emptyHelp={permissions.emptyHelp}
        emptyAction={add}
        notice={
          query.isError && (
            <FailureAlert error={query.error} header={permissions.failed} onRetry={() => void query.refetch()} />
          )
        }
        selection={{ type: "single", selected: chosen, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!query.data?.text} onClick={() => setIsReading(true)}>
              {permissions.viewPolicy}
            </Button>
            <Button disabled={chosen.length === 0} onClick={() => setIsAsking(true)}>
              {app.delete}
            </Button>
            {add}
          </SpaceBetween>
        }
      />
      {isAsking && chosen[0] && (
        <Removal name={props.name} qualifier={props.qualifier} id={chosen[0].id} onClose={() => setIsAsking(false)} />
      )}
      {isReading && query.data?.text && (
        <Modal
          visible
          size="large"
          header={permissions.policyTitle}
          closeAriaLabel={app.close}
          onDismiss={() => setIsReading(false)}
        >
          <Snippet label={permissions.copyPolicy} text={JSON.stringify(JSON.parse(query.data.text), null, 2)} />
        </Modal>
      )}
    </>
  );
}

function Removal(props: { name: string; qualifier: string | undefined; id: string; onClose: () => void }) {
  const { permissions } = useMessages().functionConfiguration;
  const notices = useNotices();
  const removal = useRemovePermission(props.name, props.qualifier);
  const remove = () =>
    removal.mutate(props.id, {
      onSuccess: () => {
        notices.success(permissions.removed(props.id));
        props.onClose();
      },
    });
  return (
    <DeleteModal
      what={permissions.removeWhat(props.id)}
      isBusy={removal.isPending}
      error={removal.error}
      onDelete={remove}
      onDismiss={props.onClose}
    >
      {permissions.removeHelp}
    </DeleteModal>
  );
}

function useColumns(): readonly Column<Statement>[] {
  const { permissions } = useMessages().functionConfiguration;
  const column = (id: "statementId" | "principal" | "conditions" | "action", cell: (item: Statement) => React.ReactNode) => ({
    id,
    name: permissions[id],
    header: permissions[id],
    cell,
  });
  return [
    { ...column("statementId", ({ id }) => <Wrapped least={90}>{id}</Wrapped>), isRowHeader: true, sortingField: "id" },
    { ...column("principal", ({ principal }) => <Wrapped least={110}>{principal}</Wrapped>), sortingField: "principal" },
    column("conditions", ({ conditions }) =>
      conditions.length === 0 ? "–" : conditions.map((condition) => <Wrapped key={condition} least={170}>{condition}</Wrapped>),
    ),
    { ...column("action", ({ action }) => <Wrapped least={110}>{action}</Wrapped>), sortingField: "action" },
  ];
}

/** ARNs, services and actions have no spaces to break at, and all of them matters: their parts may go on below. */
function Wrapped({ least, children }: { least: number; children: string }) {
  return (
    <div style={{ minInlineSize: least, whiteSpace: "normal", overflowWrap: "anywhere" }}>
      {children.split(/(?<=[:.])/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </div>
  );
}
