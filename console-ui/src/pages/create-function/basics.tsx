// The form's first questions: name, description, runtime, handler.
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMessages } from "../../i18n/language";
import type { Form } from "./form";
import type { useSource } from "./source";

interface BasicsProps {
  readonly form: Form;
  readonly source: ReturnType<typeof useSource>;
}

/** The questions. */
export function Basics({ form, source }: BasicsProps) {
  const { createFunction } = useMessages();
  const words = createFunction.basic;
  const { draft, type, errorOf } = form;
  return (
    <Container header={<Header variant="h2">{words.title}</Header>}>
      <SpaceBetween size="l">
        <FormField
          label={words.name}
          description={words.nameHelp}
          constraintText={words.nameRule}
          errorText={errorOf("name")}
        >
          <Input
            value={draft.name}
            placeholder={words.namePlaceholder}
            spellcheck={false}
            onChange={({ detail }) => type({ name: detail.value })}
          />
        </FormField>
        <RuntimeField form={form} source={source} />
        <HandlerField form={form} source={source} />
        <FormField
          label={
            <>
              {words.descriptionField} – <i>{words.optional}</i>
            </>
          }
          errorText={errorOf("description")}
        >
          <Input value={draft.description} onChange={({ detail }) => type({ description: detail.value })} />
        </FormField>
        {source.paths.includes("requirements.txt") && (
          <Checkbox
            checked={draft.requirements}
            description={words.requirementsHelp}
            onChange={({ detail }) => type({ requirements: detail.checked })}
          >
            {words.requirements}
          </Checkbox>
        )}
      </SpaceBetween>
    </Container>
  );
}

function RuntimeField({ form, source }: BasicsProps) {
  const { app, createFunction } = useMessages();
  const words = createFunction.basic;
  const { runtimes } = source;
  const options = [...(runtimes.data?.runtimes ?? [])].reverse().map(({ name, version }) => ({
    value: name,
    label: name.replace(/^python/, "Python "),
    labelTag: version,
  }));
  const { runtime } = form.draft;
  const chosen = options.find(({ value }) => value === runtime) ?? (runtime ? { value: runtime, label: runtime } : null);
  const nothing = runtimes.isSuccess && options.length === 0 ? words.noRuntime : "";
  return (
    <FormField label={words.runtime} description={words.runtimeHelp} errorText={form.errorOf("runtime") || nothing}>
      <Select
        selectedOption={chosen}
        options={options}
        triggerVariant="option"
        statusType={runtimes.isPending ? "loading" : runtimes.isError ? "error" : "finished"}
        loadingText={app.loading}
        errorText={words.runtimeFailed}
        recoveryText={app.retry}
        onLoadItems={() => void (runtimes.isError && runtimes.refetch())}
        onChange={({ detail }) => form.type({ runtime: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

function HandlerField({ form, source }: BasicsProps) {
  const { createFunction } = useMessages();
  const words = createFunction.basic;
  const { draft, type, errorOf } = form;
  const handlers = source.zip?.look?.handlers ?? [];
  const missing = missingFile(draft.handler, source.paths);
  return (
    <FormField
      label={words.handler}
      description={words.handlerHelp}
      errorText={errorOf("handler")}
      warningText={missing ? words.handlerFile(missing) : ""}
      constraintText={source.address.way === "zip" && handlers.length > 0 && words.handlers(handlers.slice(0, 5).join(", "))}
    >
      <Input
        value={draft.handler}
        spellcheck={false}
        onChange={({ detail }) => type({ handler: detail.value })}
      />
    </FormField>
  );
}

/** The file that the handler names, where the package has none such (nor a package folder of that name). */
function missingFile(handler: string, paths: readonly string[]): string | undefined {
  const at = handler.trim().lastIndexOf(".");
  if (at <= 0 || paths.length === 0) return undefined;
  const module = handler.trim().slice(0, at).replaceAll(".", "/");
  const isThere = paths.some((path) => path === `${module}.py` || path.startsWith(`${module}/`));
  return isThere ? undefined : `${module}.py`;
}
