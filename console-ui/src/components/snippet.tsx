// A command or text to copy, as it is.
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import {
  borderRadiusContainer,
  colorBackgroundLayoutMain,
  colorBorderDividerDefault,
  colorTextBodyDefault,
  fontFamilyMonospace,
} from "@cloudscape-design/design-tokens";
import { useMessages } from "../i18n/language";

/** Shows `text` with a button to copy it; `label` says what is copied. Long lines scroll within. */
export function Snippet({ text, label }: { text: string; label: string }) {
  const { app } = useMessages();
  return (
    <div
      style={{
        display: "flex",
        alignItems: "flex-start",
        gap: 8,
        padding: "8px 12px",
        color: colorTextBodyDefault,
        background: colorBackgroundLayoutMain,
        border: `1px solid ${colorBorderDividerDefault}`,
        borderRadius: borderRadiusContainer,
      }}
    >
      <pre
        tabIndex={0}
        aria-label={label}
        role="group"
        style={{ flex: 1, minWidth: 0, margin: 0, padding: "4px 0", overflowX: "auto", fontFamily: fontFamilyMonospace, fontSize: 13 }}
      >
        {text}
      </pre>
      <CopyToClipboard
        variant="icon"
        textToCopy={text}
        copyButtonAriaLabel={label}
        copySuccessText={app.copied}
        copyErrorText={app.copyFailed}
      />
    </div>
  );
}
