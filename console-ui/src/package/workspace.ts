// A package being edited: its files as deployed and as they are now. Values never change; each function answers the next one. Pure.
import { FILE_ATTRIBUTES, FOLDER_ATTRIBUTES, type Entry } from "./archive";
import { textOf } from "./text";
import { foldersAbove } from "./tree";

/** A file; its text is what is deployed where it has any. */
export interface PackageFile {
  readonly bytes: Uint8Array;
  /** Absent for a binary file. */
  readonly text: string | undefined;
  readonly attributes: number;
  readonly modifiedAt: Date;
}

/** The contents of a package: files by path, and the folders that are entries of their own. */
export interface Contents {
  readonly files: ReadonlyMap<string, PackageFile>;
  readonly folders: ReadonlyMap<string, number>;
}

/** A package being edited. */
export interface Workspace {
  /** CodeSha256 of what is deployed. */
  readonly sha256: string;
  readonly deployed: Contents;
  readonly now: Contents;
}

/** The contents of a zip. */
export function contentsOf(entries: readonly Entry[]): Contents {
  const files = new Map<string, PackageFile>();
  const folders = new Map<string, number>();
  for (const { path, bytes, attributes, modifiedAt } of entries) {
    if (path.endsWith("/")) folders.set(path.slice(0, -1), attributes);
    else files.set(path, { bytes, text: textOf(bytes), attributes, modifiedAt });
  }
  return { files, folders };
}

/** The entries of a zip with these contents. */
export function entriesOf({ files, folders }: Contents): Entry[] {
  const encoder = new TextEncoder();
  return [
    ...[...folders].map(([path, attributes]) => ({
      path: `${path}/`,
      bytes: new Uint8Array(),
      attributes,
      modifiedAt: new Date(),
    })),
    ...[...files].map(([path, file]) => ({
      path,
      bytes: file.text === undefined ? file.bytes : encoder.encode(file.text),
      attributes: file.attributes,
      modifiedAt: file.modifiedAt,
    })),
  ];
}

/** An unedited package. */
export function opened(sha256: string, contents: Contents): Workspace {
  return { sha256, deployed: contents, now: contents };
}

/** The workspace once `contents` are deployed as `sha256`; edits made meanwhile stay. */
export function deployedAs(workspace: Workspace, sha256: string, contents: Contents): Workspace {
  return { sha256, deployed: contents, now: workspace.now };
}

/** All folders, those that are implied by a file's path too. */
export function foldersOf({ files, folders }: Contents): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of folders.keys()) [...foldersAbove(path), path].forEach((folder) => found.add(folder));
  for (const path of files.keys()) foldersAbove(path).forEach((folder) => found.add(folder));
  return found;
}

/** The workspace with other text in a file. */
export function edited(workspace: Workspace, path: string, text: string): Workspace {
  const file = workspace.now.files.get(path);
  if (!file || file.text === text) return workspace;
  return withFiles(workspace, (files) => files.set(path, { ...file, text, modifiedAt: new Date() }));
}

/** The workspace with a file added or replaced; a replaced one keeps its mode. */
export function withFile(workspace: Workspace, path: string, bytes: Uint8Array): Workspace {
  const attributes = workspace.now.files.get(path)?.attributes ?? FILE_ATTRIBUTES;
  const file = { bytes, text: textOf(bytes), attributes, modifiedAt: new Date() };
  return withFiles(workspace, (files) => files.set(path, file));
}

/** The workspace with an empty folder more. */
export function withFolder(workspace: Workspace, path: string): Workspace {
  const folders = new Map(workspace.now.folders).set(path, FOLDER_ATTRIBUTES);
  return { ...workspace, now: { ...workspace.now, folders } };
}

/** The workspace without the file or folder at `path`; a folder goes with all in it, the folder above stays. */
export function without(workspace: Workspace, path: string): Workspace {
  const { files, folders } = workspace.now;
  const stays = (candidate: string) => !isWithin(candidate, path);
  const now: Contents = {
    files: new Map([...files].filter(([candidate]) => stays(candidate))),
    folders: new Map([...folders].filter(([candidate]) => stays(candidate))),
  };
  const above = foldersAbove(path).at(-1);
  const next = { ...workspace, now };
  return above && !foldersOf(now).has(above) ? withFolder(next, above) : next;
}

/** The workspace with the file or folder at `from` under the path `to`. */
export function moved(workspace: Workspace, from: string, to: string): Workspace {
  const place = (path: string) => movedPath(path, from, to);
  const { files, folders } = workspace.now;
  return {
    ...workspace,
    now: {
      files: new Map([...files].map(([path, file]) => [place(path), file])),
      folders: new Map([...folders].map(([path, attributes]) => [place(path), attributes])),
    },
  };
}

/** Where `path` lies once `from` is `to`. */
export function movedPath(path: string, from: string, to: string): string {
  return isWithin(path, from) ? to + path.slice(from.length) : path;
}

/** True for `folder` itself and what is in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The files that are not as they are deployed, and those that are gone. */
export function unsavedFiles({ deployed, now }: Workspace): ReadonlySet<string> {
  if (deployed.files === now.files) return NOTHING;
  const changed = [...now.files].filter(([path, file]) => !isSame(deployed.files.get(path), file)).map(([path]) => path);
  const gone = [...deployed.files.keys()].filter((path) => !now.files.has(path));
  return new Set([...changed, ...gone]);
}

/** True when something is not deployed. */
export function isUnsaved(workspace: Workspace): boolean {
  const { deployed, now } = workspace;
  if (deployed === now) return false;
  if (unsavedFiles(workspace).size > 0) return true;
  const names = (folders: ReadonlyMap<string, number>) => [...folders.keys()].sort().join("\n");
  return names(deployed.folders) !== names(now.folders);
}

/** Unzipped size in bytes, about. */
export function sizeOf({ files }: Contents): number {
  return [...files.values()].reduce((sum, file) => sum + (file.text?.length ?? file.bytes.length), 0);
}

/** True when `requirements.txt` names what the package does not bring along itself. */
export function wantsRequirements({ files }: Contents): boolean {
  if (!files.get("requirements.txt")?.text?.trim()) return false;
  return ![...files.keys()].some((path) => /^(python\/)?[^/]+\.dist-info\//.test(path));
}

const NOTHING: ReadonlySet<string> = new Set();

function withFiles(workspace: Workspace, change: (files: Map<string, PackageFile>) => unknown): Workspace {
  const files = new Map(workspace.now.files);
  change(files);
  return { ...workspace, now: { ...workspace.now, files } };
}

function isSame(a: PackageFile | undefined, b: PackageFile): boolean {
  if (!a) return false;
  if (a === b) return true;
  if (a.text !== undefined || b.text !== undefined) return a.text === b.text;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, index) => byte === b.bytes[index]);
}
