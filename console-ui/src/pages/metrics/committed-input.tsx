// A field whose text counts when it is left or Enter is pressed, so that not every letter makes a request.
import Input from "@cloudscape-design/components/input";
import { useState } from "react";

/** The field. Escape brings back what was there. */
export function CommittedInput(props: {
  value: string;
  placeholder: string;
  ariaLabel: string;
  isCode?: boolean;
  onCommit: (value: string) => void;
}) {
  const { value, placeholder, ariaLabel, isCode = false, onCommit } = props;
  const [draft, setDraft] = useState<string>();
  const commit = () => {
    if (draft !== undefined && draft !== value) onCommit(draft);
    setDraft(undefined);
  };
  return (
    <Input
      value={draft ?? value}
      placeholder={placeholder}
      ariaLabel={ariaLabel}
      spellcheck={!isCode}
      onChange={({ detail }) => setDraft(detail.value)}
      onBlur={commit}
      onKeyDown={({ detail }) => {
        if (detail.key === "Enter") commit();
        if (detail.key === "Escape") setDraft(undefined);
      }}
    />
  );
}
