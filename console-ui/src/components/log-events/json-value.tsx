// A JSON value as a tree that folds.
import { useMessages } from "../../i18n/language";
import { Marked } from "./marked";

const MOST_MEMBERS = 200;
const OPEN_DEPTH = 2;

interface JsonValueProps {
  readonly value: unknown;
  readonly find?: string;
  readonly name?: string;
  readonly depth?: number;
}

/** The tree. */
export function JsonTree({ value, find = "" }: { value: object; find?: string }) {
  return (
    <div className="log-json">
      <JsonValue value={value} find={find} />
    </div>
  );
}

function JsonValue({ value, find = "", name, depth = 0 }: JsonValueProps) {
  const label = name === undefined ? null : (
    <>
      <span className="log-json-name">
        <Marked text={name} find={find} />
      </span>
      {": "}
    </>
  );
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value as Record<string, unknown>);
    if (members.length > 0) return <Folding label={label} isArray={Array.isArray(value)} members={members} find={find} depth={depth} />;
  }
  return (
    <>
      {label}
      <span className={typeof value === "string" ? "log-json-string" : undefined}>
        <Marked text={JSON.stringify(value)} find={find} />
      </span>
    </>
  );
}

interface FoldingProps {
  readonly label: React.ReactNode;
  readonly isArray: boolean;
  readonly members: ReadonlyArray<readonly [string, unknown]>;
  readonly find: string;
  readonly depth: number;
}

function Folding({ label, isArray, members, find, depth }: FoldingProps) {
  const { logs } = useMessages();
  return (
    <details open={depth < OPEN_DEPTH}>
      <summary>
        {label}
        <span className="log-json-count">{isArray ? `[${members.length}]` : `{${members.length}}`}</span>
      </summary>
      <ul>
        {members.slice(0, MOST_MEMBERS).map(([name, value]) => (
          <li key={name}>
            <JsonValue value={value} find={find} name={name} depth={depth + 1} />
          </li>
        ))}
        {members.length > MOST_MEMBERS && <li className="log-json-count">{logs.events.moreMembers(members.length - MOST_MEMBERS)}</li>}
      </ul>
    </details>
  );
}
