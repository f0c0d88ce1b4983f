// The open files, one tab each.
import Icon from "@cloudscape-design/components/icon";
import { useMessages } from "../../../i18n/language";
import { closing, opening, type Desk } from "../../../package/desk";

/** The tabs. */
export function FileTabs({
  desk,
  unsaved,
  change,
}: {
  desk: Desk;
  unsaved: ReadonlySet<string>;
  change: (change: (desk: Desk) => Desk) => void;
}) {
  const { functionCode } = useMessages();
  if (desk.open.length === 0) return null;
  return (
    <ul className="code-tabs" aria-label={functionCode.openFiles}>
      {desk.open.map((path) => {
        const name = labelOf(path, desk.open);
        const isChanged = unsaved.has(path);
        return (
          <li key={path} className={path === desk.active ? "code-tab code-tab-active" : "code-tab"} title={path}>
            <button
              type="button"
              aria-current={path === desk.active}
              aria-label={isChanged ? functionCode.changed(name) : name}
              onClick={() => change((desk) => opening(desk, path))}
              onAuxClick={(event) => event.button === 1 && change((desk) => closing(desk, path))}
            >
              {name}
              {isChanged && <span className="code-dot" aria-hidden="true" />}
            </button>
            <button type="button" aria-label={functionCode.closeFile(name)} onClick={() => change((desk) => closing(desk, path))}>
              <Icon name="close" size="small" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** A file's name, with its folder when another open file has the same name. */
function labelOf(path: string, open: readonly string[]): string {
  const name = (of: string) => of.split("/").at(-1) ?? of;
  const isAlone = open.filter((other) => name(other) === name(path)).length === 1;
  return isAlone ? name(path) : path;
}
