// A log view: the lines, a search in those that are loaded, and how they are shown. Every page that shows log lines shows this.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Input from "@cloudscape-design/components/input";
import Spinner from "@cloudscape-design/components/spinner";
import Toggle from "@cloudscape-design/components/toggle";
import { useDeferredValue, useMemo, useState, type ReactNode } from "react";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { asText, type LogLine } from "../../log/line";
import { downloadText } from "./download";
import { LogList } from "./list";
import { useLogSettings } from "./settings";

/** The view's parts. */
export interface LogViewProps {
  /** Names the lines, for those who cannot see them. */
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly isLoading: boolean;
  /** What to say, and what to do, when there are no lines. */
  readonly empty: ReactNode;
  /** Name of the file that the lines are downloaded as, without its ending. */
  readonly fileName: string;
  /** Shows each line's stream. */
  readonly hasStreams?: boolean;
  /** The tallest the lines get, as CSS. */
  readonly height?: string;
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** Following: new lines are asked for. No such switch when absent. */
  readonly following?: { readonly is: boolean; readonly set: (is: boolean) => void };
  /** Before the search, such as how a tail stands. */
  readonly lead?: ReactNode;
  /** More buttons. */
  readonly actions?: ReactNode;
}

const TALLEST = "max(280px, calc(100vh - 420px))";

/** The view. */
export function LogView(props: LogViewProps) {
  const { lines, isLoading, height = TALLEST } = props;
  const { logs } = useMessages();
  const [settings] = useLogSettings();
  const [find, setFind] = useState("");
  const wanted = useDeferredValue(find.trim());
  const shown = useMemo(() => found(lines, wanted), [lines, wanted]);
  return (
    <div>
      <Tools {...props} find={find} setFind={setFind} shown={shown} isFinding={wanted !== ""} />
      {shown.length > 0 || props.before ? (
        <LogList
          label={props.label}
          lines={shown}
          settings={settings}
          find={wanted}
          hasStreams={props.hasStreams ?? false}
          height={height}
          before={props.before}
          after={props.after}
        />
      ) : (
        <Box textAlign="center" padding="xl" color="text-body-secondary">
          {isLoading ? <Spinner size="large" /> : lines.length > 0 ? logs.events.notFound(find.trim()) : props.empty}
          {!isLoading && props.after && <div>{props.after}</div>}
        </Box>
      )}
    </div>
  );
}

/** The lines that contain `wanted`, in any case. */
export function found(lines: readonly LogLine[], wanted: string): readonly LogLine[] {
  if (wanted === "") return lines;
  const lower = wanted.toLowerCase();
  return lines.filter(({ message }) => message.toLowerCase().includes(lower));
}

interface ToolsProps extends LogViewProps {
  readonly find: string;
  readonly setFind: (text: string) => void;
  readonly shown: readonly LogLine[];
  readonly isFinding: boolean;
}

function Tools({ lines, shown, find, setFind, isFinding, following, lead, actions, fileName }: ToolsProps) {
  const { logs } = useMessages();
  const format = useFormat();
  return (
    <div className="log-tools" style={{ marginBlockEnd: 8 }}>
      {lead}
      <div className="log-tools-grow">
        <Input
          type="search"
          value={find}
          placeholder={logs.events.find}
          ariaLabel={logs.events.find}
          onChange={({ detail }) => setFind(detail.value)}
        />
      </div>
      <Box color="text-body-secondary" fontSize="body-s">
        <span role="status">
          {isFinding ? logs.events.countFound(format.number(shown.length), format.number(lines.length)) : logs.events.count(format.number(lines.length))}
        </span>
      </Box>
      {following && (
        <Toggle checked={following.is} onChange={({ detail }) => following.set(detail.checked)}>
          {logs.events.follow}
        </Toggle>
      )}
      {actions}
      <ViewMenu />
      <Button
        iconName="download"
        variant="icon"
        disabled={shown.length === 0}
        ariaLabel={logs.events.download}
        onClick={() => downloadText(`${fileName}.txt`, asText(shown))}
      />
    </div>
  );
}

function ViewMenu() {
  const { logs } = useMessages();
  const [settings, change] = useLogSettings();
  return (
    <ButtonDropdown
      variant="icon"
      ariaLabel={logs.events.view}
      items={[
        { id: "wrap", itemType: "checkbox", text: logs.events.wrap, checked: settings.isWrapped },
        { id: "utc", itemType: "checkbox", text: logs.events.utc, checked: settings.zone === "utc" },
      ]}
      onItemClick={({ detail }) =>
        change(detail.id === "wrap" ? { isWrapped: !settings.isWrapped } : { zone: settings.zone === "utc" ? "local" : "utc" })
      }
    />
  );
}
