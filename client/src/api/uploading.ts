import { csrfToken, Refused } from "./http.ts";
import type { Id, Reason, Uploaded } from "./types.ts";

/**
 * Send a picture up, to go out over a channel, and tell how far it is (0 to 1). `fetch` tells nothing of that, so this asks as browsers did before.
 * Raises `Refused`.
 */
export function uploadWith(channel: Id, file: File, far: (part: number) => void): Promise<Uploaded> {
  return new Promise((done, failed) => {
    const asking = new XMLHttpRequest();
    asking.open("POST", `/api/media?channel_id=${encodeURIComponent(channel)}`);
    asking.setRequestHeader("accept", "application/json");
    asking.setRequestHeader("x-csrftoken", csrfToken(document.cookie));
    asking.upload.addEventListener("progress", ({ loaded, total }) => far(total > 0 ? loaded / total : 0));
    asking.addEventListener("load", () => {
      const said = read(asking.responseText);
      if (asking.status < 300 && said) done(said as Uploaded);
      else failed(new Refused(asking.status, reasonIn(said, asking.status)));
    });
    asking.addEventListener("error", () =>
      failed(new Refused(0, { code: "offline", params: {}, message: "Offhold cannot be reached." })),
    );
    const form = new FormData();
    form.set("file", file);
    asking.send(form);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonIn(said: unknown, status: number): Reason {
  if (typeof said === "object" && said !== null && "code" in said && typeof said.code === "string") {
    const { code, params = {}, message = "" } = said as Partial<Reason> & { code: string };
    return { code, params, message };
  }
  const code = { 401: "signed_out", 413: "too_big", 429: "too_often" }[status] ?? "unavailable";
  return { code, params: {}, message: `HTTP ${String(status)}` };
}
