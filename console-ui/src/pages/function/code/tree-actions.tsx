// What can be done with the tree's files: new ones, uploads, renaming, deleting.
import ButtonGroup, { type ButtonGroupProps } from "@cloudscape-design/components/button-group";
import { useState } from "react";
import { ConfirmModal } from "../../../components/confirm-modal";
import { downloadText } from "../../../components/download";
import { useMessages } from "../../../i18n/language";
import { adding, deleting, renaming, targetFolder, type Desk } from "../../../package/desk";
import { FileUploads } from "./file-uploads";
import { NameModal } from "./name-modal";

type Change = (change: (desk: Desk) => Desk) => void;
type Asked = "file" | "folder" | "rename" | "delete" | "upload";

/** The buttons. */
export function TreeActions({ desk, change, isReadOnly }: { desk: Desk; change: Change; isReadOnly: boolean }) {
  const { functionCode } = useMessages();
  const [asking, setAsking] = useState<Asked>();
  const { selected } = desk;
  const file = selected === undefined ? undefined : desk.workspace.now.files.get(selected);
  const words = functionCode.tree;
  const button = (id: keyof typeof words, iconName: ButtonGroupProps.IconButton["iconName"], disabled = false) =>
    ({ type: "icon-button", id, text: words[id], iconName, disabled }) as const;
  const items: ButtonGroupProps.ItemOrGroup[] = isReadOnly
    ? [button("download", "download", !file)]
    : [
        button("file", "add-plus"),
        button("folder", "folder"),
        button("upload", "upload"),
        button("rename", "edit", selected === undefined),
        button("delete", "remove", selected === undefined),
        button("download", "download", !file),
      ];
  const act = (id: string) => {
    if (id !== "download") return setAsking(id as Asked);
    if (!file || selected === undefined) return;
    const content = file.text ?? (file.bytes as Uint8Array<ArrayBuffer>);
    downloadText(selected.split("/").at(-1) ?? selected, content, "application/octet-stream");
  };
  return (
    <div className="code-tools">
      <ButtonGroup
        variant="icon"
        ariaLabel={functionCode.files}
        dropdownExpandToViewport
        items={items}
        onItemClick={({ detail }) => act(detail.id)}
      />
      <Asking asking={asking} desk={desk} change={change} onDismiss={() => setAsking(undefined)} />
    </div>
  );
}

function Asking({
  asking,
  desk,
  change,
  onDismiss,
}: {
  asking: Asked | undefined;
  desk: Desk;
  change: Change;
  onDismiss: () => void;
}) {
  const { app, functionCode } = useMessages();
  const { selected } = desk;
  const finish = (next: (desk: Desk) => Desk) => {
    change(next);
    onDismiss();
  };
  const folder = targetFolder(desk);
  const start = folder && `${folder}/`;
  if (asking === "file" || asking === "folder") {
    return (
      <NameModal
        title={functionCode.tree[asking]}
        initial={start}
        desk={desk}
        onName={(path) => finish((desk) => adding(desk, path, asking === "folder"))}
        onDismiss={onDismiss}
      />
    );
  }
  if (asking === "upload") return <FileUploads desk={desk} onUpload={finish} onDismiss={onDismiss} />;
  if (selected === undefined) return null;
  if (asking === "rename") {
    return (
      <NameModal
        title={functionCode.tree.rename}
        initial={selected}
        from={selected}
        desk={desk}
        onName={(path) => finish((desk) => renaming(desk, selected, path))}
        onDismiss={onDismiss}
      />
    );
  }
  if (asking === "delete") {
    return (
      <ConfirmModal
        title={app.deleteTitle(selected)}
        label={app.delete}
        isBusy={false}
        onConfirm={() => finish((desk) => deleting(desk, selected))}
        onDismiss={onDismiss}
      >
        {functionCode.deleteHelp}
      </ConfirmModal>
    );
  }
  return null;
}
