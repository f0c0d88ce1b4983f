// Who the console speaks for: the account and region that its requests are signed with, kept in the browser.

const KEY = "hearth.session";
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNT = /^\d{12}$/;

/** The caller's account (12 digits) and region. */
export interface Session {
  readonly account: string;
  readonly region: string;
}

/** What the server says about itself and the caller. */
export interface Version extends Session {
  readonly version: string;
}

let current: Session = { account: "000000000000", region: "us-east-1" };

/** The session in force. */
export function session(): Session {
  return current;
}

/** True when `value` can be a session. */
export function isSession(value: unknown): value is Session {
  const { account, region } = (value ?? {}) as Partial<Session>;
  return typeof account === "string" && ACCOUNT.test(account) && typeof region === "string" && REGION.test(region);
}

/** Takes up the session that this browser kept, or else the server's own account and region. */
export async function restoreSession(): Promise<void> {
  const kept = parse(localStorage.getItem(KEY));
  if (isSession(kept)) {
    current = kept;
    return;
  }
  const answer = await fetch("/hearth/version").catch(() => undefined);
  const version: unknown = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
  if (isSession(version)) current = { account: version.account, region: version.region };
}

/** Speaks for another account or region from the next load on. */
export function keepSession(next: Session): void {
  localStorage.setItem(KEY, JSON.stringify({ account: next.account, region: next.region }));
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
