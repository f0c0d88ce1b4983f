// hearth's own REST, `/hearth/…`, for what AWS has no API for.
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { session } from "./session";

/** An error answer of `/hearth/…`, in the form of the SDK's own exceptions. */
export class HearthError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    /** The HTTP status. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** How a request is made. */
export interface Options {
  readonly method?: "GET" | "PUT" | "POST" | "DELETE";
  /** Sent as it is when text or bytes, as JSON otherwise. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Answers `/hearth/` + `path`. Segments of `path` must be encoded already.
 * @throws HearthError for an error answer, TypeError when the server cannot be reached.
 */
export async function hearth<T>(path: string, options: Options = {}): Promise<T> {
  const url = new URL(`/hearth/${path}`, location.origin);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const { body } = options;
  const isRaw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
  const content = isRaw ? (body as string | Uint8Array<ArrayBuffer> | undefined) : JSON.stringify(body);
  const method = options.method ?? "GET";
  const headers = await signed(url, method, content);
  const init: RequestInit = { method, headers };
  if (content !== undefined) init.body = content;
  if (options.signal) init.signal = options.signal;
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  const code = answer.headers.get("x-amzn-errortype") ?? `HTTP ${answer.status}`;
  throw new HearthError(code, messageOf(text), answer.status);
}

async function signed(url: URL, method: string, body: string | Uint8Array | undefined): Promise<Record<string, string>> {
  const { account, region } = session();
  const signer = new SignatureV4({
    service: "lambda",
    region,
    credentials: { accessKeyId: account, secretAccessKey: "hearth" },
    sha256: Sha256,
  });
  const request = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host },
    ...(body === undefined ? {} : { body }),
  });
  const headers = { ...request.headers };
  delete headers.host;
  return headers;
}

function messageOf(content: string): string {
  try {
    const { Message, message } = JSON.parse(content) as { Message?: string; message?: string };
    return Message ?? message ?? content;
  } catch {
    return content;
  }
}
