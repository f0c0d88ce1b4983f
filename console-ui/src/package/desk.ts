// The desk where a package is edited: the workspace, the files that are open as tabs, and what the tree shows. Pure.
import {
  edited,
  foldersOf,
  isUnsaved,
  isWithin,
  moved,
  movedPath,
  opened,
  wantsRequirements,
  withFile,
  withFolder,
  without,
  type Contents,
  type Workspace,
} from "./workspace";
import { folderOf, foldersAbove, pathFault, treeOf, type PathFault } from "./tree";

/** A desk. */
export interface Desk {
  readonly workspace: Workspace;
  /** Paths of the files with a tab, in the tabs' order. */
  readonly open: readonly string[];
  /** The file that shows. */
  readonly active: string | undefined;
  readonly unfolded: ReadonlySet<string>;
  /** The file or folder that the tree's actions are for. */
  readonly selected: string | undefined;
  /** Whether the next deployment brings what `requirements.txt` names; undecided when absent. */
  readonly installs?: boolean;
  /** Whether the last one from this desk did. */
  readonly installed?: boolean;
}

/** A desk with the handler's file open, or the only file there is. */
export function deskOf(sha256: string, contents: Contents, handler: string | undefined): Desk {
  const first = handlerFile(handler, contents.files) ?? [...contents.files.keys()].find((path) => contents.files.get(path)?.text !== undefined);
  const desk: Desk = { workspace: opened(sha256, contents), open: [], active: undefined, unfolded: new Set(), selected: undefined };
  return first === undefined ? desk : opening(desk, first);
}

/** The desk with another package on it, and the tabs of files that this one has too. */
export function renewed(desk: Desk, sha256: string, contents: Contents, handler: string | undefined): Desk {
  const open = desk.open.filter((path) => contents.files.has(path));
  if (open.length === 0) return deskOf(sha256, contents, handler);
  const isThere = (path: string | undefined) => path !== undefined && contents.files.has(path);
  const { installs: _, ...rest } = desk;
  return {
    ...rest,
    workspace: opened(sha256, contents),
    open,
    active: isThere(desk.active) ? desk.active : open[0],
    selected: isThere(desk.selected) ? desk.selected : undefined,
  };
}

/** Whether a deployment brings what `requirements.txt` names, and whether that is another choice than the one in force. */
export function installation({ installs, installed, workspace }: Desk): { readonly isWanted: boolean; readonly isChanged: boolean } {
  const isWanted = installs ?? wantsRequirements(workspace.now);
  return { isWanted, isChanged: installs !== undefined && installs !== (installed ?? wantsRequirements(workspace.deployed)) };
}

/** The file that a handler such as `pkg/app.main` lies in. */
export function handlerFile(handler: string | undefined, files: { has: (path: string) => boolean }): string | undefined {
  const module = handler?.includes(".") ? handler.slice(0, handler.lastIndexOf(".")) : undefined;
  if (!module) return undefined;
  const paths = [module, module.replaceAll(".", "/")];
  const candidates = ["py", "mjs", "js", "cjs"].flatMap((extension) => paths.map((path) => `${path}.${extension}`));
  return candidates.find((path) => files.has(path));
}

/** The desk with a file's tab open and shown. */
export function opening(desk: Desk, path: string): Desk {
  if (!desk.workspace.now.files.has(path)) return desk;
  return {
    ...desk,
    open: desk.open.includes(path) ? desk.open : [...desk.open, path],
    active: path,
    selected: path,
    unfolded: new Set([...desk.unfolded, ...foldersAbove(path)]),
  };
}

/** The desk without a file's tab; its neighbour shows. */
export function closing(desk: Desk, path: string): Desk {
  const at = desk.open.indexOf(path);
  const open = desk.open.filter((one) => one !== path);
  return { ...desk, open, active: desk.active === path ? (open[at] ?? open[at - 1]) : desk.active };
}

/** The desk with other text in a file. */
export function typing(desk: Desk, path: string, text: string): Desk {
  const workspace = edited(desk.workspace, path, text);
  return workspace === desk.workspace ? desk : { ...desk, workspace };
}

/** The desk with a folder of the tree unfolded, or folded when it was. */
export function toggled(desk: Desk, folder: string): Desk {
  const unfolded = new Set(desk.unfolded);
  if (!unfolded.delete(folder)) unfolded.add(folder);
  return { ...desk, unfolded, selected: folder };
}

/** The desk with an empty file or folder more, which is selected. */
export function adding(desk: Desk, path: string, isFolder: boolean): Desk {
  if (!isFolder) return opening({ ...desk, workspace: withFile(desk.workspace, path, new Uint8Array()) }, path);
  return {
    ...desk,
    workspace: withFolder(desk.workspace, path),
    selected: path,
    unfolded: new Set([...desk.unfolded, ...foldersAbove(path)]),
  };
}

/** The desk with files from elsewhere in it; the first one shows when it is the only one. */
export function receiving(desk: Desk, files: ReadonlyArray<{ readonly path: string; readonly bytes: Uint8Array }>): Desk {
  const workspace = files.reduce((workspace, { path, bytes }) => withFile(workspace, path, bytes), desk.workspace);
  const [first] = files;
  const next = { ...desk, workspace };
  if (!first) return next;
  return files.length === 1 ? opening(next, first.path) : { ...next, unfolded: new Set([...next.unfolded, ...foldersAbove(first.path)]) };
}

/** The desk with a file or folder under another path. */
export function renaming(desk: Desk, from: string, to: string): Desk {
  const place = (path: string) => movedPath(path, from, to);
  return {
    ...desk,
    workspace: moved(desk.workspace, from, to),
    open: desk.open.map(place),
    active: desk.active && place(desk.active),
    selected: desk.selected && place(desk.selected),
    unfolded: new Set([...[...desk.unfolded].map(place), ...foldersAbove(to)]),
  };
}

/** The desk without a file or folder. */
export function deleting(desk: Desk, path: string): Desk {
  const closed = desk.open.filter((one) => isWithin(one, path)).reduce(closing, desk);
  return { ...closed, workspace: without(desk.workspace, path), selected: undefined };
}

/** The desk as it was deployed. */
export function discarding(desk: Desk, handler: string | undefined): Desk {
  return renewed(desk, desk.workspace.sha256, desk.workspace.deployed, handler);
}

/** What is wrong with giving `from` (nothing, for something new) the path `to`. */
export function renameFault(desk: Desk, from: string | undefined, to: string): PathFault | undefined {
  if (from === to) return undefined;
  if (from !== undefined && to.startsWith(`${from}/`)) return "below-file";
  const { now } = desk.workspace;
  return pathFault(to, now.files, foldersOf(now));
}

/** The folder that something new goes to: the selected one, or that of the selected file. */
export function targetFolder(desk: Desk): string {
  const { selected, workspace } = desk;
  if (selected === undefined) return "";
  return workspace.now.files.has(selected) ? folderOf(selected) : selected;
}

/** The tree of the desk's package. */
export function deskTree({ workspace: { now } }: Desk) {
  return treeOf(now.files.keys(), now.folders.keys());
}

/** The desk to show: the one kept, unless it has no edits and something else is deployed. */
export function deskToShow(
  kept: Desk | undefined,
  fetched: { readonly sha256: string; readonly contents: Contents } | undefined,
  handler: string | undefined,
): Desk | undefined {
  if (!fetched || (kept && (kept.workspace.sha256 === fetched.sha256 || isUnsaved(kept.workspace)))) return kept;
  return kept ? renewed(kept, fetched.sha256, fetched.contents, handler) : deskOf(fetched.sha256, fetched.contents, handler);
}

