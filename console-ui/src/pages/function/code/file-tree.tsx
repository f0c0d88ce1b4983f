// The package's files as a tree, for mouse and keyboard.
import Box from "@cloudscape-design/components/box";
import Icon from "@cloudscape-design/components/icon";
import { useRef, type KeyboardEvent } from "react";
import { useMessages } from "../../../i18n/language";
import { deskTree, opening, toggled, type Desk } from "../../../package/desk";
import { folderOf, visibleNodes, type TreeNode } from "../../../package/tree";

/** The tree. */
export function FileTree({
  desk,
  unsaved,
  change,
}: {
  desk: Desk;
  unsaved: ReadonlySet<string>;
  change: (change: (desk: Desk) => Desk) => void;
}) {
  const { functionCode } = useMessages();
  const list = useRef<HTMLDivElement>(null);
  const rows = visibleNodes(deskTree(desk), desk.unfolded);
  const current = rows.some(({ node }) => node.path === desk.selected) ? desk.selected : rows[0]?.node.path;
  const focus = (path: string | undefined) => {
    const items = list.current?.querySelectorAll<HTMLElement>("[role=treeitem]") ?? [];
    [...items].find((item) => item.dataset.path === path)?.focus();
  };
  const onKeyDown = (key: KeyboardEvent, node: TreeNode, index: number) => {
    const isOpen = desk.unfolded.has(node.path);
    const step = (to: number) => focus(rows[Math.max(0, Math.min(rows.length - 1, to))]?.node.path);
    const actions: Record<string, () => void> = {
      ArrowDown: () => step(index + 1),
      ArrowUp: () => step(index - 1),
      Home: () => step(0),
      End: () => step(rows.length - 1),
      ArrowRight: () => (node.children && !isOpen ? change((desk) => toggled(desk, node.path)) : step(index + 1)),
      ArrowLeft: () => (node.children && isOpen ? change((desk) => toggled(desk, node.path)) : focus(folderOf(node.path))),
      Enter: () => change((desk) => act(desk, node)),
      " ": () => change((desk) => act(desk, node)),
    };
    const action = actions[key.key];
    if (!action || key.ctrlKey || key.metaKey || key.altKey) return;
    key.preventDefault();
    action();
  };
  if (rows.length === 0) {
    return (
      <Box padding="s" color="text-body-secondary">
        {functionCode.emptyPackage}
      </Box>
    );
  }
  return (
    <div ref={list} role="tree" aria-label={functionCode.files} className="code-tree">
      {rows.map(({ node, depth }, index) => {
        const isChanged = isUnsavedNode(node, unsaved);
        return (
          <div
            key={node.path}
            role="treeitem"
            data-path={node.path}
            aria-level={depth + 1}
            aria-selected={node.path === desk.selected}
            {...(node.children ? { "aria-expanded": desk.unfolded.has(node.path) } : {})}
            aria-label={isChanged ? functionCode.changed(node.name) : node.name}
            title={node.path}
            tabIndex={node.path === current ? 0 : -1}
            className="code-row"
            style={{ paddingInlineStart: 8 + depth * 14 }}
            onClick={() => change((desk) => act(desk, node))}
            onKeyDown={(key) => onKeyDown(key, node, index)}
          >
            <Icon
              size="small"
              name={node.children ? (desk.unfolded.has(node.path) ? "folder-open" : "folder") : "file"}
            />
            <span className="code-name">{node.name}</span>
            {isChanged && <span className="code-dot" aria-hidden="true" />}
          </div>
        );
      })}
    </div>
  );
}

function act(desk: Desk, node: TreeNode): Desk {
  return node.children ? toggled(desk, node.path) : opening(desk, node.path);
}

function isUnsavedNode(node: TreeNode, unsaved: ReadonlySet<string>): boolean {
  if (!node.children) return unsaved.has(node.path);
  return [...unsaved].some((path) => path.startsWith(`${node.path}/`));
}
