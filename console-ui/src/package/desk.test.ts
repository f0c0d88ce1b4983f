import { describe, expect, it } from "vitest";
import { FILE_ATTRIBUTES } from "./archive";
import * as desks from "./desk";
import { contentsOf, isUnsaved } from "./workspace";

const contents = (files: Record<string, string>) =>
  contentsOf(
    Object.entries(files).map(([path, text]) => ({
      path,
      bytes: new TextEncoder().encode(text),
      attributes: FILE_ATTRIBUTES,
      modifiedAt: new Date(2024, 0, 1),
    })),
  );
const HANDLER = "pkg.app.main";
const first = contents({ "pkg/app.py": "a", "pkg/b.py": "b", "c.py": "c" });
const desk = () => desks.deskOf("sha", first, HANDLER);
const tabs = ({ open, active }: desks.Desk) => [open.join(" "), active];

describe("a desk", () => {
  it("opens with the handler's file", () => {
    expect([tabs(desk()), [...desk().unfolded]]).toEqual([["pkg/app.py", "pkg/app.py"], ["pkg"]]);
    expect(tabs(desks.deskOf("sha", first, "none.x"))).toEqual(["pkg/app.py", "pkg/app.py"]);
    expect(tabs(desks.deskOf("sha", contents({}), "none.x"))).toEqual(["", undefined]);
    expect(desks.handlerFile("index.handler", new Set(["index.mjs"]))).toBe("index.mjs");
    expect(desks.handlerFile("handler", new Set(["handler.py"]))).toBeUndefined();
  });

  it("shows a closed tab's neighbour", () => {
    const three = ["pkg/b.py", "c.py"].reduce(desks.opening, desk());
    expect(tabs(desks.closing(three, "c.py"))).toEqual(["pkg/app.py pkg/b.py", "pkg/b.py"]);
    expect(tabs(desks.closing(desks.opening(three, "pkg/app.py"), "pkg/app.py"))).toEqual(["pkg/b.py c.py", "pkg/b.py"]);
    expect(tabs(desks.closing(desk(), "pkg/app.py"))).toEqual(["", undefined]);
    expect(desks.opening(three, "gone.py")).toBe(three);
  });

  it("takes its tabs along when a folder is renamed, and drops those of what is deleted", () => {
    const renamed = desks.renaming(desk(), "pkg", "lib/pkg");
    expect([tabs(renamed), renamed.selected, [...renamed.unfolded]]).toEqual([
      ["lib/pkg/app.py", "lib/pkg/app.py"],
      "lib/pkg/app.py",
      ["lib/pkg", "lib"],
    ]);
    expect(tabs(desks.deleting(desks.opening(desk(), "c.py"), "pkg"))).toEqual(["c.py", "c.py"]);
  });

  it("adds and receives", () => {
    expect(tabs(desks.adding(desk(), "pkg/new.py", false))).toEqual(["pkg/app.py pkg/new.py", "pkg/new.py"]);
    expect(desks.targetFolder(desks.adding(desk(), "pkg/deep", true))).toBe("pkg/deep");
    const bytes = new TextEncoder().encode("x");
    expect(tabs(desks.receiving(desk(), [{ path: "x.txt", bytes }]))).toEqual(["pkg/app.py x.txt", "x.txt"]);
    expect(tabs(desks.receiving(desk(), [{ path: "x", bytes }, { path: "y", bytes }]))).toEqual(["pkg/app.py", "pkg/app.py"]);
  });

  it("refuses names that are taken, and a folder within itself", () => {
    expect(desks.renameFault(desk(), "c.py", "c.py")).toBeUndefined();
    expect(desks.renameFault(desk(), "c.py", "pkg/b.py")).toBe("exists");
    expect(desks.renameFault(desk(), undefined, "pkg")).toBe("exists");
    expect(desks.renameFault(desk(), "pkg", "pkg/pkg")).toBe("below-file");
  });

  it("knows whether requirements are wanted, and whether that was changed", () => {
    const wanting = desks.deskOf("sha", contents({ "requirements.txt": "flask" }), HANDLER);
    expect(desks.installation(wanting)).toEqual({ isWanted: true, isChanged: false });
    expect(desks.installation({ ...wanting, installs: false })).toEqual({ isWanted: false, isChanged: true });
    expect(desks.installation({ ...wanting, installs: false, installed: false })).toEqual({ isWanted: false, isChanged: false });
  });

  it("gives way to another deployment only without edits", () => {
    const fetched = { sha256: "sha2", contents: contents({ "c.py": "c2", "pkg/app.py": "a2" }) };
    const clean = desks.opening(desk(), "c.py");
    expect(desks.deskToShow(clean, fetched, HANDLER)?.workspace.sha256).toBe("sha2");
    expect(tabs(desks.deskToShow(clean, fetched, HANDLER)!)).toEqual(["pkg/app.py c.py", "c.py"]);
    const dirty = desks.typing(clean, "c.py", "typed");
    expect(desks.deskToShow(dirty, fetched, HANDLER)).toBe(dirty);
    expect(desks.deskToShow(undefined, undefined, HANDLER)).toBeUndefined();
    const discarded = desks.discarding(dirty, HANDLER);
    expect([isUnsaved(discarded.workspace), discarded.active]).toEqual([false, "c.py"]);
  });
});
