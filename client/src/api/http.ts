import { heardDate } from "../ui/serverClock.ts";
import type { Reason } from "./types.ts";

/** The server refused. `code` is stable and translated; `offline` is ours: no answer came at all. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly reason: Reason,
    readonly retryAfter: number | null = null,
  ) {
    super(reason.message);
    this.name = "Refused";
  }

  /** Nobody can say whether the server did it: asking again with the same client key is safe, giving up is not news. */
  get unheard(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504;
  }
}

/** Whatever was thrown, as a reason with a code. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof Refused) return error.reason;
  return { code: "internal", params: {}, message: error instanceof Error ? error.message : String(error) };
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One call. Raises `Refused`; an aborted call raises the browser's AbortError. */
export async function call<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const answer = await reached(path, {
    method,
    credentials: "same-origin",
    headers: headersFor(method, body),
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  heardDate(answer.headers.get("date"));
  if (answer.ok) return (await json(answer)) as Answer;
  throw await refusal(answer);
}

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused(0, { code: "offline", params: {}, message: "Offhold cannot be reached." });
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const said = await json(answer).catch(() => null);
  const retryAfter = Number.parseInt(answer.headers.get("retry-after") ?? "", 10);
  return new Refused(answer.status, asReason(said, answer.status), Number.isNaN(retryAfter) ? null : retryAfter);
}

/** A proxy's HTML page or an empty body becomes a reason too. */
function asReason(said: unknown, status: number): Reason {
  if (typeof said === "object" && said !== null && "code" in said && typeof said.code === "string") {
    const { code, params, message } = said as Partial<Reason> & { code: string };
    return { code, params: params ?? {}, message: message ?? "" };
  }
  const code = { 401: "signed_out", 403: "forbidden", 404: "not_found", 413: "too_big", 429: "too_often" }[status];
  return { code: code ?? (status >= 502 ? "unavailable" : "internal"), params: {}, message: `HTTP ${status}` };
}

async function json(answer: Response): Promise<unknown> {
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

function headersFor(method: Method, body: unknown): HeadersInit {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
  if (method !== "GET") headers["x-csrftoken"] = csrfToken(document.cookie);
  return headers;
}

/** The CSRF cookie's value: `__Host-csrftoken` on https, `csrftoken` on plain http. */
export function csrfToken(cookies: string): string {
  const found = /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]*)/.exec(cookies);
  return found?.[1] ? decodeURIComponent(found[1]) : "";
}
