// What can be done with a function as a whole.
import Button from "@cloudscape-design/components/button";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useDeleteFunctions } from "../../api/functions";
import { useNotices } from "../../app/notices";
import { DeleteModal } from "../../components/delete-modal";
import { useMessages } from "../../i18n/language";

/** The buttons beside the function's name. */
export function FunctionActions({ name }: { name: string; qualifier: string | undefined; detail: GetFunctionCommandOutput }) {
  const { app, functionPage } = useMessages();
  const notices = useNotices();
  const navigate = useNavigate();
  const deletion = useDeleteFunctions();
  const [isAsking, setIsAsking] = useState(false);
  const remove = () =>
    deletion.mutate([name], {
      onSuccess: () => {
        notices.success(functionPage.deleted(name));
        void navigate("/functions");
      },
    });
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>{app.delete}</Button>
      {isAsking && (
        <DeleteModal
          what={functionPage.deleteWhat(name)}
          isBusy={deletion.isPending}
          error={deletion.error}
          onDelete={remove}
          onDismiss={() => {
            deletion.reset();
            setIsAsking(false);
          }}
        >
          {functionPage.deleteWarning}
        </DeleteModal>
      )}
    </>
  );
}
