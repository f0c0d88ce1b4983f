// The box for a filter pattern of CloudWatch Logs, with its syntax explained by examples that can be taken.
import "./log-events.css";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Popover from "@cloudscape-design/components/popover";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useMessages } from "../../i18n/language";

interface PatternBoxProps {
  /** The pattern in force. */
  readonly value: string;
  readonly onApply: (pattern: string) => void;
  /** What the server says of the pattern in force. */
  readonly error?: string | undefined;
}

/** The box; a pattern is in force once it is entered. */
export function PatternBox({ value, onApply, error }: PatternBoxProps) {
  const { logs } = useMessages();
  const [draft, setDraft] = useState({ text: value, of: value });
  // A pattern that came from elsewhere (an example, the way back) replaces what is typed.
  const text = draft.of === value ? draft.text : value;
  const apply = (next: string) => {
    setDraft({ text: next, of: next.trim() });
    onApply(next.trim());
  };
  return (
    <form
      className="log-tools-grow log-pattern"
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <FormField errorText={error} stretch>
        <Input
          type="search"
          value={text}
          placeholder={logs.pattern.placeholder}
          ariaLabel={logs.pattern.label}
          onChange={({ detail }) => {
            setDraft({ text: detail.value, of: value });
            if (detail.value === "") apply("");
          }}
          onBlur={() => text.trim() !== value && apply(text)}
        />
      </FormField>
      <PatternHelp onTake={apply} />
    </form>
  );
}

const EXAMPLES = [
  ["ERROR", "one"],
  ["?ERROR ?WARN", "either"],
  ['"order placed"', "phrase"],
  ["order -INFO", "without"],
  ['{ $.level = "ERROR" }', "json"],
  ["{ $.total > 50 }", "number"],
  ['{ $.order.items[0].sku = "A*" }', "nested"],
  ['{ ($.level = "ERROR") && ($.code = 402) }', "both"],
  ["{ $.code IS NULL }", "isNull"],
  ['[type = REPORT, ...]', "columns"],
  ["%timed? out%", "regex"],
] as const;

function PatternHelp({ onTake }: { onTake: (pattern: string) => void }) {
  const { logs, app } = useMessages();
  const isNarrow = matchMedia("(max-width: 688px)").matches;
  return (
    <Popover
      size={isNarrow ? "small" : "large"}
      fixedWidth
      position="bottom"
      triggerType="custom"
      renderWithPortal
      header={logs.pattern.help}
      dismissAriaLabel={app.close}
      content={
        <SpaceBetween size="s">
          <Box>{logs.pattern.intro}</Box>
          <dl className="log-examples">
            {EXAMPLES.map(([pattern, meaning]) => (
              <Example key={pattern} pattern={pattern} meaning={logs.pattern.examples[meaning]} onTake={onTake} />
            ))}
          </dl>
          <Box color="text-body-secondary">{logs.pattern.note}</Box>
        </SpaceBetween>
      }
    >
      <Button iconName="status-info" variant="icon" formAction="none" ariaLabel={logs.pattern.help} />
    </Popover>
  );
}

function Example({ pattern, meaning, onTake }: { pattern: string; meaning: string; onTake: (pattern: string) => void }) {
  return (
    <>
      <dt>
        <Button variant="inline-link" formAction="none" onClick={() => onTake(pattern)}>
          <code>{pattern}</code>
        </Button>
      </dt>
      <dd>{meaning}</dd>
    </>
  );
}
