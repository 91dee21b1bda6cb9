/** Answers of the fake server that never change. */

import type { ServerResponse } from "node:http";

const RULE = { limit: 300, rule: "graphemes", max_bytes: null, url_length: null };
export const NETWORKS = [
  {
    name: "bluesky",
    label: "Bluesky",
    can: { reply_public: true, reply_private: true },
    connect: [
      { name: "handle", label: "Handle", secret: false, help: "For example northair.bsky.social", default: "" },
      {
        name: "app_password",
        label: "App password",
        secret: true,
        help: "Made in Bluesky under Settings, Privacy and security; allow direct messages.",
        default: "",
      },
      {
        name: "service",
        label: "Server",
        secret: false,
        help: "Only for an account that is not on bsky.social.",
        default: "https://bsky.social",
      },
    ],
    public_text: RULE,
    private_text: RULE,
  },
  {
    name: "sandbox",
    label: "Sandbox",
    can: { reply_public: true, reply_private: true },
    connect: [{ name: "token", label: "Token", secret: true, help: "", default: "" }],
    public_text: RULE,
    private_text: RULE,
  },
];

export const DEAD = [
  {
    id: "801",
    channel_id: "21",
    reason: "malformed",
    detail: "`$.items[0].author` is missing",
    at: "2026-11-22T09:14:00Z",
    excerpt: '{"items": [{"id": "p-1", "text": "Where is my bag?"}]}',
  },
];

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420"><rect width="640" height="420" fill="#c9b79c"/><path d="M170 150h300v190H170z" fill="#a3835b"/><path d="m170 150 60-50h180l60 50z" fill="#8a6c47"/></svg>`;

export function sendPicture(answer: ServerResponse): void {
  answer.writeHead(200, { "content-type": "image/svg+xml", "content-security-policy": "default-src 'none'; sandbox" });
  answer.end(PICTURE);
}
