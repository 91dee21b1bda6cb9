import { csrfToken } from "./http.ts";

/** How signing in ended. `wait`: seconds until it is worth trying again, when the server said so. */
export type SignedIn =
  { ok: true } | { ok: false; code: "mismatch" | "throttled" | "more_steps" | "offline" | "failed"; wait?: number };

const SESSION = "/_allauth/browser/v1/auth/session";
const LOGIN = "/_allauth/browser/v1/auth/login";

/** Sign in with allauth headless. Its answers: https://docs.allauth.org/en/latest/headless/openapi-specification/ */
export async function signIn(email: string, password: string): Promise<SignedIn> {
  const answer = await sent("POST", LOGIN, { email, password });
  if (answer === null) return { ok: false, code: "offline" };
  // 409: somebody is signed in already in this browser, which is what was wanted
  if (answer.ok || answer.status === 409) return { ok: true };
  if (answer.status === 429) return throttled(answer);
  if (answer.status === 401) return { ok: false, code: "more_steps" };
  if (answer.status === 503) return { ok: false, code: "offline" };
  return { ok: false, code: answer.status === 400 ? await whyRefused(answer) : "failed" };
}

/** Sign out. allauth answers 401 once it is done: nobody is signed in any more. False: we could not reach it. */
export async function signOut(): Promise<boolean> {
  const answer = await sent("DELETE", SESSION);
  return answer !== null && (answer.ok || answer.status === 401);
}

async function whyRefused(answer: Response): Promise<"mismatch" | "throttled" | "failed"> {
  const body = (await answer.json().catch(() => ({}))) as { errors?: { code?: string }[] };
  const codes = body.errors?.map((error) => error.code) ?? [];
  if (codes.includes("too_many_login_attempts")) return "throttled";
  return codes.some((code) => code?.endsWith("_password_mismatch") || code === "invalid") ? "mismatch" : "failed";
}

function throttled(answer: Response): SignedIn {
  const wait = Number.parseInt(answer.headers.get("retry-after") ?? "", 10);
  return { ok: false, code: "throttled", ...(Number.isNaN(wait) ? {} : { wait }) };
}

async function sent(method: "POST" | "DELETE", path: string, body?: unknown): Promise<Response | null> {
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    "x-csrftoken": csrfToken(document.cookie),
  };
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  return fetch(path, init).catch(() => null);
}
