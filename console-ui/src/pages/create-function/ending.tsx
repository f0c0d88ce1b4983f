// What is said when a function was created and yet is not as it should be.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Ending } from "../../api/creation";
import { failureOf } from "../../api/errors";
import { useDeleteFunctions } from "../../api/functions";
import { useNotices } from "../../app/notices";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";

interface EndingProps {
  readonly name: string;
  readonly ending: Exclude<Ending, { kind: "active" }>;
  /** The function is gone again: it can be created anew. */
  readonly onDeleted: () => void;
}

/** The reason, and the ways out: open the function, or delete it and change what was typed. */
export function EndingAlert({ name, ending, onDeleted }: EndingProps) {
  const { createFunction } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteFunctions();
  const remove = () =>
    deletion.mutate([name], {
      onSuccess: onDeleted,
      onError: (error) => notices.failure(createFunction.deleteFailed(name), error),
    });
  const isFailed = ending.kind === "failed";
  const headers = {
    failed: createFunction.failedState,
    "not-installed": createFunction.notInstalled,
    unsettled: createFunction.unsettled,
  };
  return (
    <Alert
      type={isFailed ? "error" : "warning"}
      header={headers[ending.kind](name)}
    >
      <SpaceBetween size="s">
        <Box>{isFailed ? ending.reason : failureOf(ending.error).message}</Box>
        {isFailed && <Box>{createFunction.failedStateHelp}</Box>}
        <SpaceBetween direction="horizontal" size="xs">
          <RouteButton formAction="none" to={`/functions/${encodeURIComponent(name)}`}>
            {createFunction.open}
          </RouteButton>
          <Button formAction="none" loading={deletion.isPending} onClick={remove}>
            {createFunction.deleteAndEdit}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  );
}
