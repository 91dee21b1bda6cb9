import * as api from "../api/settings.ts";

/** Why this browser cannot ring, or that it can. */
export type Possible = "yes" | "insecure" | "unsupported" | "blocked";

const WORKER = "/sw.js";

export function possible(): Possible {
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window))
    return "unsupported";
  return Notification.permission === "denied" ? "blocked" : "yes";
}

/** Ask the system to ring this browser, and tell the desk where. Null: the person said no. */
export async function ringHere(key: string): Promise<api.DevicesPage | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const worker = await registered();
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const { endpoint, keys } = made.toJSON();
  return api.addDevice({
    endpoint: endpoint ?? "",
    p256dh: keys?.p256dh ?? "",
    auth: keys?.auth ?? "",
    device: deviceName(navigator.userAgent),
  });
}

/** Whoever signs out is not rung here any more. */
export async function ringNoMore(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.getRegistration("/");
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
}

async function registered(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(address() as string, { scope: "/" });
  return navigator.serviceWorker.ready;
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** Our policy lets scripts be named by no text but this one. */
function address(): unknown {
  const policies = (window as { trustedTypes?: Policies }).trustedTypes;
  if (!policies) return WORKER;
  made ??= policies.createPolicy("offhold-worker", {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError("no such script");
      return url;
    },
  });
  return made.createScriptURL(WORKER);
}
let made: ReturnType<Policies["createPolicy"]> | undefined;

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** "Firefox, Android": enough to tell one's own devices apart. */
export function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : /Safari\//.test(agent)
          ? "Safari"
          : "Browser";
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"].find((name) => agent.includes(name));
  return system ? `${browser}, ${system}` : browser;
}
