// The code that is about to be deployed: read and edited, or, of a zip, looked through.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Textarea from "@cloudscape-design/components/textarea";
import { colorBorderDividerDefault } from "@cloudscape-design/design-tokens";
import { lazy, Suspense, useMemo, useState } from "react";
import { FailureAlert } from "../../components/failure-alert";
import { ResourceTable, type Column } from "../../components/resource-table";
import type { TextEditorProps } from "../../components/text-editor";
import { openFile, type ZipFile } from "../../creation/zip-look";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { languageOf } from "../../package/text";
import type { useSource } from "./source";
import type { Package } from "./zip-picker";

// Where the editor cannot be loaded (the server was updated or is away), the form and what was typed in it stay.
const TextEditor = lazy(() => import("../../components/text-editor").catch(() => ({ default: PlainEditor })));
const HEIGHT = "360px";
const FRAME = { border: `1px solid ${colorBorderDividerDefault}`, borderRadius: 8, overflow: "hidden" } as const;

/** The code of the starter or of a blueprint. */
export function CodeReview({ source }: { source: ReturnType<typeof useSource> }) {
  const { createFunction } = useMessages();
  const words = createFunction.code;
  const { detail, files, id } = source;
  if (source.address.way === "blueprint" && detail.isError) {
    const header = createFunction.blueprints.codeFailed;
    return <FailureAlert error={detail.error} header={header} onRetry={() => void detail.refetch()} />;
  }
  if (source.address.way === "blueprint" && !source.blueprint) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={words.review}
          actions={
            source.isEdited && (
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                <StatusIndicator type="info">{words.edited}</StatusIndicator>
                <Button formAction="none" onClick={source.restore}>
                  {words.restore}
                </Button>
              </SpaceBetween>
            )
          }
        >
          {words.title}
        </Header>
      }
    >
      {files ? <Files key={id} files={files} id={id} onEdit={source.edit} /> : <Spinner />}
    </Container>
  );
}

interface FilesProps {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  readonly onEdit: (path: string, text: string) => void;
}

function Files({ id, files, onEdit }: FilesProps) {
  const { createFunction } = useMessages();
  const paths = Object.keys(files);
  const [chosen, setChosen] = useState<string>();
  const path = chosen !== undefined && chosen in files ? chosen : (paths.find(isPython) ?? paths[0] ?? "");
  return (
    <SpaceBetween size="s">
      {paths.length > 1 && (
        <FormField label={createFunction.code.file}>
          <Select
            selectedOption={{ value: path, label: path }}
            options={paths.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => setChosen(detail.selectedOption.value)}
          />
        </FormField>
      )}
      {paths.length === 1 && <Box variant="code">{path}</Box>}
      <Editor
        documentName={`${id}/${path}`}
        text={files[path] ?? ""}
        path={path}
        onChange={(text) => onEdit(path, text)}
      />
    </SpaceBetween>
  );
}

const isPython = (path: string) => path.endsWith(".py");

/** The files of a zip, any of which can be shown. */
export function ZipContents({ zip }: { zip: Package }) {
  const { createFunction } = useMessages();
  const format = useFormat();
  const words = createFunction.zip;
  const { look, bytes } = zip;
  const [path, setPath] = useState<string>();
  const columns = useMemo<readonly Column<ZipFile>[]>(
    () => [
      {
        id: "path",
        name: words.path,
        header: words.path,
        sortingField: "path",
        isRowHeader: true,
        maxWidth: 480,
        cell: (file) => (
          <Button
            variant="inline-link"
            formAction="none"
            ariaLabel={words.open(file.path)}
            onClick={() => setPath(file.path)}
          >
            {file.path}
          </Button>
        ),
      },
      { id: "size", name: words.size, header: words.size, sortingField: "bytes", cell: (file) => format.bytes(file.bytes) },
    ],
    [words, format],
  );
  const text = useMemo(() => (bytes && path !== undefined ? openFile(bytes, path) : undefined), [bytes, path]);
  if (!look || !bytes) return null;
  return (
    <SpaceBetween size="l">
      <ResourceTable
        id="create-zip"
        title={words.files}
        description={words.unzipped(format.bytes(look.bytes))}
        items={look.files}
        columns={columns}
        trackBy={(file) => file.path}
        textOf={(file) => file.path}
        filterPlaceholder={words.filter}
        empty={words.none}
      />
      {path !== undefined && (
        <Container header={<Header variant="h3">{path}</Header>}>
          {text === undefined ? (
            <Box color="text-body-secondary">{words.binary}</Box>
          ) : (
            <Editor documentName={path} text={text} path={path} />
          )}
        </Container>
      )}
    </SpaceBetween>
  );
}

type EditorProps = Pick<TextEditorProps, "documentName" | "text" | "onChange"> & { readonly path: string };

function Editor({ path, ...rest }: EditorProps) {
  const { createFunction } = useMessages();
  return (
    <div style={FRAME}>
      <Suspense fallback={<div style={{ blockSize: HEIGHT }} />}>
        <TextEditor {...rest} language={languageOf(path)} label={createFunction.code.label(path)} height={HEIGHT} />
      </Suspense>
    </div>
  );
}

function PlainEditor({ text, label, onChange }: Pick<TextEditorProps, "text" | "label" | "onChange">) {
  return (
    <Textarea
      value={text}
      ariaLabel={label}
      rows={16}
      spellcheck={false}
      readOnly={!onChange}
      onChange={({ detail }) => onChange?.(detail.value)}
    />
  );
}
