// A package as a tree of folders and files, and what a path may be. Pure.

/** A folder or file of the tree. */
export interface TreeNode {
  readonly path: string;
  readonly name: string;
  /** Absent for a file. */
  readonly children?: readonly TreeNode[];
}

/** What is wrong with a new path. */
export type PathFault = "empty" | "relative" | "too-long" | "exists" | "below-file";

const LONGEST_PATH = 255;

/** The tree of files at `paths`, with `folders` that may be empty; folders first, then by name. */
export function treeOf(paths: Iterable<string>, folders: Iterable<string>): readonly TreeNode[] {
  interface Folder {
    readonly folders: Map<string, Folder>;
    readonly files: Map<string, string>;
  }
  const make = (): Folder => ({ folders: new Map(), files: new Map() });
  const root = make();
  const enter = (steps: readonly string[]) =>
    steps.reduce((folder, step) => {
      const found = folder.folders.get(step) ?? make();
      folder.folders.set(step, found);
      return found;
    }, root);
  for (const path of folders) enter(path.split("/"));
  for (const path of paths) {
    const steps = path.split("/");
    const name = steps.pop() ?? path;
    enter(steps).files.set(name, path);
  }
  const nodes = (folder: Folder, above: string): TreeNode[] => [
    ...[...folder.folders].sort(byName).map(([name, inner]) => {
      const path = above + name;
      return { path, name, children: nodes(inner, `${path}/`) };
    }),
    ...[...folder.files].sort(byName).map(([name, path]) => ({ path, name })),
  ];
  return nodes(root, "");
}

/** The nodes that show while only `open` folders are unfolded, in order, with their depth from 0. */
export function visibleNodes(
  nodes: readonly TreeNode[],
  open: ReadonlySet<string>,
  depth = 0,
): ReadonlyArray<{ readonly node: TreeNode; readonly depth: number }> {
  return nodes.flatMap((node) => [
    { node, depth },
    ...(node.children && open.has(node.path) ? visibleNodes(node.children, open, depth + 1) : []),
  ]);
}

/** The folder of a path; empty at the top. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const steps = path.split("/").slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}

/** What is wrong with a new path, among the files and folders that are there. */
export function pathFault(path: string, files: { has: (path: string) => boolean }, folders: { has: (path: string) => boolean }): PathFault | undefined {
  if (path === "") return "empty";
  if (path.length > LONGEST_PATH) return "too-long";
  if (path.includes("\\") || path.split("/").some((step) => step.trim() === "" || step === "." || step === "..")) return "relative";
  if (files.has(path) || folders.has(path)) return "exists";
  if (foldersAbove(path).some((folder) => files.has(folder))) return "below-file";
  return undefined;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => a.localeCompare(b);
