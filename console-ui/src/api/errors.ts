// What went wrong, as a decision that a page can show: the error's code, its words, and whether trying again can help.

/** A failure as a page shows it. */
export interface Failure {
  /** AWS's code, such as `ResourceNotFoundException`; `unreachable` when there was no answer. */
  readonly code: string;
  readonly message: string;
  readonly kind: "unreachable" | "gone" | "refused" | "throttled" | "invalid" | "conflict" | "fault";
}

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly status?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Reads whatever a client threw. */
export function failureOf(error: unknown): Failure {
  const thrown = (error ?? {}) as Thrown;
  const status = thrown.$metadata?.httpStatusCode ?? thrown.status;
  const message = thrown.message || thrown.Message || String(error);
  if (status === undefined) return { code: "unreachable", message, kind: "unreachable" };
  const code = thrown.name ?? `HTTP ${status}`;
  return { code, message, kind: kindNamed(code) ?? kindOf(status) };
}

/** True when asking again may succeed without a change. */
export function isPassing(error: unknown): boolean {
  return ["unreachable", "throttled", "fault"].includes(failureOf(error).kind);
}

/** True when the thing asked for is not there. */
export function isGone(error: unknown): boolean {
  return failureOf(error).kind === "gone";
}

/** What a code says by itself: CloudWatch Logs and CloudWatch answer 400 for nearly everything. */
function kindNamed(code: string): Failure["kind"] | undefined {
  if (/^(ResourceNotFound(Exception|Fault)?|NoSuchEntity(Exception)?)$/.test(code)) return "gone";
  if (/^(Throttling(Exception)?|TooManyRequestsException)$/.test(code)) return "throttled";
  if (/^(ResourceAlreadyExistsException|OperationAbortedException)$/.test(code)) return "conflict";
  return undefined;
}

function kindOf(status: number): Failure["kind"] {
  if (status === 404) return "gone";
  if (status === 401 || status === 403) return "refused";
  if (status === 429) return "throttled";
  if (status === 409 || status === 412) return "conflict";
  // 501: an operation that the server does not have; asking again does not help.
  return status < 500 || status === 501 ? "invalid" : "fault";
}
