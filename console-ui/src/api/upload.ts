// A Lambda client that tells how much of a request's body has gone out: `fetch` cannot tell, `XMLHttpRequest` can.
import { LambdaClient } from "@aws-sdk/client-lambda";
import { buildQueryString, HttpResponse, type HttpRequest } from "@smithy/core/protocols";
import { clientConfig } from "./clients";

/** Told the share (0–1) of the body that has gone out. */
export type OnSent = (share: number) => void;

/** A client for one upload. */
export function uploadingLambda(onSent: OnSent): LambdaClient {
  return new LambdaClient({
    ...clientConfig(),
    requestHandler: {
      handle: (request: HttpRequest, options?: { abortSignal?: Signal }) => send(request, onSent, options?.abortSignal),
    },
  });
}

type Signal = AbortSignal | { aborted: boolean } | undefined;

function send(request: HttpRequest, onSent: OnSent, signal: Signal): Promise<{ response: HttpResponse }> {
  return new Promise((resolve, reject) => {
    const exchange = new XMLHttpRequest();
    exchange.open(request.method, addressOf(request));
    for (const [name, value] of Object.entries(request.headers)) {
      if (!FORBIDDEN.has(name.toLowerCase())) exchange.setRequestHeader(name, value);
    }
    exchange.responseType = "blob";
    exchange.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 1);
    exchange.onload = () => resolve({ response: responseOf(exchange) });
    exchange.onerror = () => reject(new TypeError("The server could not be reached."));
    exchange.onabort = () => reject(new DOMException("The request was aborted.", "AbortError"));
    if (signal instanceof AbortSignal) {
      if (signal.aborted) return reject(new DOMException("The request was aborted.", "AbortError"));
      signal.addEventListener("abort", () => exchange.abort(), { once: true });
    }
    exchange.send(request.body as XMLHttpRequestBodyInit);
  });
}

/** Headers that only the browser sets. */
const FORBIDDEN = new Set(["host", "content-length"]);

function addressOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const parameters = buildQueryString(query);
  return `${protocol}//${hostname}${port ? `:${port}` : ""}${path}${parameters ? `?${parameters}` : ""}`;
}

function responseOf(exchange: XMLHttpRequest): HttpResponse {
  const headers = exchange
    .getAllResponseHeaders()
    .trim()
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line): [string, string] => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    });
  return new HttpResponse({
    statusCode: exchange.status,
    reason: exchange.statusText,
    headers: Object.fromEntries(headers),
    body: exchange.response as Blob,
  });
}
