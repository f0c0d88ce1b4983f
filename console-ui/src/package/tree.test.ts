import { describe, expect, it } from "vitest";
import { folderOf, foldersAbove, pathFault, treeOf, visibleNodes } from "./tree";
import { languageOf, textOf } from "./text";

describe("the tree", () => {
  const tree = treeOf(["b.py", "pkg/a.py", "a.py", "pkg/deep/x.json"], ["empty"]);

  it("has folders first, each with what is in it", () => {
    expect(tree.map((node) => node.path)).toEqual(["empty", "pkg", "a.py", "b.py"]);
    expect(tree[1]?.children?.map((node) => node.path)).toEqual(["pkg/deep", "pkg/a.py"]);
    expect(tree[0]?.children).toEqual([]);
    expect(tree[2]?.children).toBeUndefined();
  });

  it("shows what is in unfolded folders only", () => {
    const shown = (open: string[]) => visibleNodes(tree, new Set(open)).map(({ node, depth }) => `${depth}${node.name}`);
    expect(shown([])).toEqual(["0empty", "0pkg", "0a.py", "0b.py"]);
    expect(shown(["pkg"])).toEqual(["0empty", "0pkg", "1deep", "1a.py", "0a.py", "0b.py"]);
  });

  it("knows the folders of a path", () => {
    expect(folderOf("a/b/c")).toBe("a/b");
    expect(folderOf("c")).toBe("");
    expect(foldersAbove("a/b/c")).toEqual(["a", "a/b"]);
  });
});

describe("a new path", () => {
  const files = new Set(["a.py"]);
  const folders = new Set(["pkg"]);
  it.each([
    ["", "empty"],
    ["a.py", "exists"],
    ["pkg", "exists"],
    ["../x", "relative"],
    ["/x", "relative"],
    ["x//y", "relative"],
    ["x\\y", "relative"],
    ["a.py/x", "below-file"],
    ["x".repeat(256), "too-long"],
    ["pkg/new.py", undefined],
  ])("%s is %s", (path, fault) => {
    expect(pathFault(path, files, folders)).toBe(fault);
  });
});

describe("text", () => {
  it("is told from binary", () => {
    expect(textOf(new TextEncoder().encode("é\r\n"))).toBe("é\r\n");
    expect(textOf(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa");
    expect(textOf(new Uint8Array([0x61, 0]))).toBeUndefined();
    expect(textOf(new Uint8Array([0xff, 0xfe]))).toBeUndefined();
  });

  it("has a language by its name", () => {
    expect(["a.py", "pkg/b.JSON", "c.mjs", "Makefile", "x.tar.gz", ".py/x"].map(languageOf)).toEqual([
      "python",
      "json",
      "javascript",
      "plain",
      "plain",
      "plain",
    ]);
  });
});
