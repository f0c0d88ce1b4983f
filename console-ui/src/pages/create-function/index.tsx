// Creates a function: from scratch, from a blueprint, or from a zip.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormView from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { CreationError, useCreation, type Ending } from "../../api/creation";
import { failureOf } from "../../api/errors";
import { useNotices } from "../../app/notices";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { RouteButton } from "../../components/route-link";
import { useUnsavedGuard } from "../../components/unsaved";
import { WAYS, type Way } from "../../creation/draft";
import { useMessages } from "../../i18n/language";
import { FILE_ATTRIBUTES, writeArchive } from "../../package/archive";
import { Basics } from "./basics";
import { BlueprintPicker } from "./blueprint-picker";
import { CodeReview, ZipContents } from "./code";
import { EndingAlert } from "./ending";
import { useForm } from "./form";
import { Permissions } from "./permissions";
import { CreationProgress } from "./progress";
import { Settings } from "./settings";
import { useSource, type Files } from "./source";
import { ZipPicker } from "./zip-picker";

/** The page. */
export default function CreateFunctionPage() {
  const { app, functions, createFunction } = useMessages();
  const source = useSource();
  const { way } = source.address;
  const zip = way === "zip" ? source.zip?.bytes : undefined;
  const hasCode = zip !== undefined || source.files !== undefined;
  const { form, isTyped, isWrong, ...rest } = useForm({ source: source.id, suggested: source.suggested, taken: source.taken, hasCode });
  const submission = useSubmission({ ...rest, form, isUnsaved: isTyped || source.hasEdits || source.zip !== undefined });
  const { creation, error, ending } = submission;
  const submit = () => submission.submit(() => zip ?? packed(source.files ?? {}));
  return (
    <Page
      crumbs={[
        { text: functions.title, href: "/functions" },
        { text: createFunction.title, href: "/functions/create" },
      ]}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <FormView
          header={
            <>
              <Header variant="h1" description={createFunction.description}>
                {createFunction.title}
              </Header>
              <div ref={submission.top} tabIndex={-1} style={{ outline: "none" }}>
                {(error !== undefined || isWrong || ending) && (
                  <Box margin={{ top: "m" }}>
                    {error !== undefined && (
                      <FailureAlert error={error} header={createFunction.failed(submission.name)} onRetry={submit} />
                    )}
                    {isWrong && <Alert type="error">{createFunction.fieldsWrong}</Alert>}
                    {ending && <EndingAlert name={submission.name} ending={ending} onDeleted={submission.again} />}
                  </Box>
                )}
              </div>
            </>
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RouteButton variant="link" formAction="none" to="/functions">
                {app.cancel}
              </RouteButton>
              <Button variant="primary" loading={creation.isPending} disabled={ending !== undefined}>
                {createFunction.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Tiles
              value={way}
              ariaLabel={createFunction.waysLabel}
              onChange={({ detail }) => source.address.chooseWay(detail.value as Way)}
              items={WAYS.map((value) => ({ value, ...createFunction.ways[value] }))}
              columns={3}
            />
            {way === "blueprint" && <BlueprintPicker source={source} />}
            {way === "zip" && (
              <ZipPicker
                zip={source.zip}
                error={form.errorOf("code")}
                onChange={(next) => {
                  source.setZip(next);
                  rest.forget(["code"]);
                }}
              />
            )}
            <Basics form={form} source={source} />
            {way === "zip" ? source.zip && <ZipContents key={source.id} zip={source.zip} /> : <CodeReview source={source} />}
            <Permissions form={form} />
            <Settings form={form} />
            {creation.progress && <CreationProgress progress={creation.progress} draft={form.draft} />}
          </SpaceBetween>
        </FormView>
      </form>
    </Page>
  );
}

function packed(files: Files): Uint8Array<ArrayBuffer> {
  // The same text makes the same package, whenever it is packed.
  const modifiedAt = new Date(1980, 0, 1);
  const encoder = new TextEncoder();
  return writeArchive(
    Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text), attributes: FILE_ATTRIBUTES, modifiedAt })),
  );
}

type Checked = Omit<ReturnType<typeof useForm>, "isTyped" | "isWrong"> & { readonly isUnsaved: boolean };

/** Sends the form, and leads to the function once it runs. */
function useSubmission({ form, check, refuse, isUnsaved }: Checked) {
  const { createFunction } = useMessages();
  const notices = useNotices();
  const navigate = useNavigate();
  const creation = useCreation();
  const top = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>();
  const [name, setName] = useState("");
  const [ending, setEnding] = useState<Ending>();
  const [fault, setFault] = useState<{ readonly place: "top" | "field" }>();
  const isDone = ending?.kind === "active";
  useUnsavedGuard((isUnsaved || creation.isPending) && ending === undefined);
  useEffect(() => {
    if (isDone) void navigate(`/functions/${encodeURIComponent(name)}`);
  }, [isDone, name, navigate]);
  useEffect(() => {
    if (fault && top.current) show(fault.place, top.current);
  }, [fault]);
  const submit = (pack: () => Uint8Array<ArrayBuffer>) => {
    if (creation.isPending || ending) return;
    setError(undefined);
    if (!check()) return setFault({ place: "field" });
    setName(form.draft.name.trim());
    creation.mutate(
      { draft: form.draft, zip: pack() },
      {
        onSuccess: (next) => {
          setEnding(next);
          if (next.kind === "active") notices.success(createFunction.created(form.draft.name.trim()));
          else setFault({ place: "top" });
        },
        onError: (thrown) => {
          const cause = thrown instanceof CreationError ? thrown.cause : thrown;
          const failure = failureOf(cause);
          const isOfNoField = refuse(failure);
          setError(isOfNoField ? cause : undefined);
          setFault({ place: isOfNoField ? "top" : "field" });
        },
      },
    );
  };
  return {
    creation,
    submit,
    error,
    name,
    top,
    ending: ending?.kind === "active" ? undefined : ending,
    again: () => setEnding(undefined),
  };
}

/** Leads the reader to the first field that is wrong, or to what stands at the form's top. */
function show(place: "top" | "field", top: HTMLElement): void {
  const field = place === "field" ? top.closest("form")?.querySelector<HTMLElement>('[aria-invalid="true"]') : undefined;
  const target = field ?? top;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}
