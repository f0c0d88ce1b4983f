import { describe, expect, it } from "vitest";
import { FILE_ATTRIBUTES, readArchive, writeArchive, type Entry } from "./archive";
import * as workspaces from "./workspace";

const entry = (path: string, content: string | number[], mode = 0o100644): Entry => ({
  path,
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content),
  attributes: mode * 0x10000,
  modifiedAt: new Date(2024, 0, 1),
});

const opened = () =>
  workspaces.opened(
    "sha",
    workspaces.contentsOf([entry("a.py", "a"), entry("pkg/b.py", "b"), entry("run", "#!", 0o100755), entry("bin", [0, 1])]),
  );
const paths = (workspace: workspaces.Workspace) => [...workspace.now.files.keys()].sort();
const unsaved = (workspace: workspaces.Workspace) => [...workspaces.unsavedFiles(workspace)].sort();

describe("a workspace", () => {
  it("is unsaved only while it differs", () => {
    const first = opened();
    expect(workspaces.isUnsaved(first)).toBe(false);
    const second = workspaces.edited(first, "a.py", "aa");
    expect([workspaces.isUnsaved(second), unsaved(second)]).toEqual([true, ["a.py"]]);
    const third = workspaces.edited(second, "a.py", "a");
    expect([workspaces.isUnsaved(third), unsaved(third)]).toEqual([false, []]);
  });

  it("keeps edits made during a deployment unsaved", () => {
    const sent = workspaces.edited(opened(), "a.py", "sent");
    const typed = workspaces.edited(sent, "a.py", "typed");
    const after = workspaces.deployedAs(typed, "sha2", sent.now);
    expect([after.sha256, unsaved(after)]).toEqual(["sha2", ["a.py"]]);
    expect(workspaces.isUnsaved(workspaces.deployedAs(sent, "sha2", sent.now))).toBe(false);
  });

  it("adds, replaces, moves and deletes", () => {
    let workspace = workspaces.withFile(opened(), "run", new TextEncoder().encode("#!!"));
    expect(workspace.now.files.get("run")?.attributes).toBe(0o100755 * 0x10000);
    workspace = workspaces.withFile(workspace, "new.txt", new Uint8Array());
    expect(workspace.now.files.get("new.txt")?.attributes).toBe(FILE_ATTRIBUTES);
    workspace = workspaces.moved(workspace, "pkg", "lib/pkg");
    expect(paths(workspace)).toEqual(["a.py", "bin", "lib/pkg/b.py", "new.txt", "run"]);
    workspace = workspaces.without(workspace, "a.py");
    expect(unsaved(workspace)).toEqual(["a.py", "lib/pkg/b.py", "new.txt", "pkg/b.py", "run"]);
  });

  it("keeps a folder whose last file goes", () => {
    const workspace = workspaces.without(opened(), "pkg/b.py");
    expect([...workspace.now.folders.keys()]).toEqual(["pkg"]);
    expect([...workspaces.foldersOf(workspaces.without(workspace, "pkg").now)]).toEqual([]);
  });

  it("does not take a like-named neighbour for a folder's content", () => {
    const workspace = workspaces.withFile(opened(), "pkg2/c.py", new Uint8Array());
    expect(paths(workspaces.without(workspace, "pkg"))).toContain("pkg2/c.py");
  });

  it("goes through a zip with modes, binary files and empty folders", () => {
    const workspace = workspaces.withFolder(workspaces.edited(opened(), "a.py", "é\r\n"), "empty");
    const limits = { bytes: 1_000, entries: 10 };
    const again = workspaces.contentsOf(readArchive(writeArchive(workspaces.entriesOf(workspace.now)), limits));
    expect(again.files.get("a.py")?.text).toBe("é\r\n");
    expect(again.files.get("run")?.attributes).toBe(0o100755 * 0x10000);
    expect([...(again.files.get("bin")?.bytes ?? [])]).toEqual([0, 1]);
    expect([...again.folders.keys()]).toEqual(["empty"]);
  });

  it("wants requirements only where it does not bring them", () => {
    const wants = (...entries: Entry[]) => workspaces.wantsRequirements(workspaces.contentsOf(entries));
    expect(wants(entry("a.py", ""))).toBe(false);
    expect(wants(entry("requirements.txt", " \n"))).toBe(false);
    expect(wants(entry("requirements.txt", "flask"))).toBe(true);
    expect(wants(entry("requirements.txt", "flask"), entry("flask-3.0.dist-info/METADATA", ""))).toBe(false);
  });
});
