// Packages for browser tests: zips of a few files, deployed beside the page as another client would.
import { FILE_ATTRIBUTES, writeArchive } from "../../console-ui/src/package/archive";
import type { Hearth } from "./hearth";

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The files as a zip. */
export function zipOf(files: Files): Buffer {
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    bytes: typeof content === "string" ? encoder.encode(content) : content,
    attributes: FILE_ATTRIBUTES,
    modifiedAt: new Date(2020, 0, 1),
  }));
  return Buffer.from(writeArchive(entries));
}

/** Makes a function of the files, or deploys them to the one that is there; returns when it runs them. */
export async function deploy(hearth: Hearth, name: string, files: Files): Promise<void> {
  const query = "handler=lambda_function.lambda_handler";
  const answer = await fetch(`${hearth.endpoint}/hearth/functions/${name}?${query}`, { method: "PUT", body: new Uint8Array(zipOf(files)) });
  if (!answer.ok) throw new Error(`deploying ${name}: ${answer.status} ${await answer.text()}`);
}
