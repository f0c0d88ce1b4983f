// Takes a zip from the user's disk, and shows what is in it.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import FileDropzone from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import FileTokenGroup from "@cloudscape-design/components/file-token-group";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { accountQuery } from "../../api/account";
import { lookInto, type ZipLook } from "../../creation/zip-look";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** A chosen file, and what was found out about it. */
export interface Package {
  readonly file: File;
  readonly state: "reading" | "ready" | "too-large" | "too-large-unzipped" | "unreadable" | "not-zip";
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly look?: ZipLook;
}

/** Lambda's limits, until the account's own are known. */
const ZIPPED_BYTES = 52_428_800;
const UNZIPPED_BYTES = 262_144_000;

interface ZipPickerProps {
  readonly zip: Package | undefined;
  readonly onChange: (next: (before: Package | undefined) => Package | undefined) => void;
  readonly error: string;
}

/** The picker. */
export function ZipPicker({ zip, onChange, error }: ZipPickerProps) {
  const { createFunction } = useMessages();
  const words = createFunction.zip;
  const format = useFormat();
  const { data: account } = useQuery(accountQuery);
  const zipped = account?.AccountLimit?.CodeSizeZipped ?? ZIPPED_BYTES;
  const unzipped = account?.AccountLimit?.CodeSizeUnzipped ?? UNZIPPED_BYTES;
  const take = ([file]: readonly File[]) => {
    if (!file) return;
    if (file.size > zipped) return onChange(() => ({ file, state: "too-large" }));
    onChange(() => ({ file, state: "reading" }));
    // Another file may have been chosen while this one was read.
    void examined(file, unzipped).then((found) => onChange((before) => (before?.file === file ? found : before)));
  };
  return (
    <Container header={<Header variant="h2">{words.title}</Header>}>
      <SpaceBetween size="s">
        <FormField label={words.label} errorText={error} stretch>
          <SpaceBetween size="s">
            <FileDropzone onChange={({ detail }) => take(detail.value)}>
              <SpaceBetween size="xs" alignItems="center">
                <Box color="text-body-secondary">{words.help(format.bytes(zipped))}</Box>
                <FileInput
                  accept=".zip,application/zip"
                  value={zip ? [zip.file] : []}
                  onChange={({ detail }) => take(detail.value)}
                >
                  {words.choose}
                </FileInput>
              </SpaceBetween>
            </FileDropzone>
            {zip && (
              <FileTokenGroup
                items={[
                  {
                    file: zip.file,
                    loading: zip.state === "reading",
                    errorText: faultOf(zip, { zipped, unzipped }, words, format),
                  },
                ]}
                showFileSize
                onDismiss={() => onChange(() => undefined)}
                i18nStrings={{
                  removeFileAriaLabel: (_, name) => words.remove(name),
                  formatFileSize: (bytes) => format.bytes(bytes),
                }}
              />
            )}
          </SpaceBetween>
        </FormField>
        {zip?.look?.wrapper && <Alert type="warning">{words.wrapped(zip.look.wrapper)}</Alert>}
      </SpaceBetween>
    </Container>
  );
}

async function examined(file: File, unzipped: number): Promise<Package> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const look = lookInto(bytes);
    if (!look) return { file, state: "not-zip" };
    return look.bytes > unzipped ? { file, state: "too-large-unzipped", look } : { file, state: "ready", bytes, look };
  } catch {
    return { file, state: "unreadable" };
  }
}

function faultOf(
  { state, look }: Package,
  most: { readonly zipped: number; readonly unzipped: number },
  words: ReturnType<typeof useMessages>["createFunction"]["zip"],
  format: ReturnType<typeof useFormat>,
): string | null {
  if (state === "too-large") return words.tooLarge(format.bytes(most.zipped));
  if (state === "too-large-unzipped") return words.tooLargeUnzipped(format.bytes(look?.bytes), format.bytes(most.unzipped));
  if (state === "unreadable") return words.unreadable;
  return state === "not-zip" ? words.notZip : null;
}
