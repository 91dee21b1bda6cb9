import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import { FakeServer } from "./server.ts";

/** The fake answers `vite` and `vite preview`; in preview the page has the policy that Django sends, as strict. */
export function fakeServer(): Plugin {
  const cases = Number(process.env.FAKE_CASES ?? 240);
  const perSecond = Number(process.env.FAKE_PER_SECOND ?? 0.4);
  const started = (middlewares: Connect.Server) => {
    const fake = new FakeServer(cases);
    if (perSecond > 0) fake.live(perSecond);
    middlewares.use(async (request, answer, next) => {
      try {
        if (!(await fake.handle(request, answer))) next();
      } catch (error) {
        next(error);
      }
    });
  };
  return {
    name: "offhold-fake-server",
    configureServer: (server) => started(server.middlewares),
    configurePreviewServer: (server) => {
      started(server.middlewares);
      const index = `${server.config.root}/${server.config.build.outDir}/index.html`;
      server.middlewares.use((request, answer, next) => void page(index, request, answer, next));
    },
  };
}

async function page(index: string, request: IncomingMessage, answer: ServerResponse, next: () => void): Promise<void> {
  if (request.url?.startsWith("/assets/")) return next();
  const nonce = randomBytes(16).toString("base64");
  const html = (await readFile(index, "utf8")).replaceAll("__CSP_NONCE__", nonce);
  answer.writeHead(200, { "content-type": "text/html", "content-security-policy": policy(nonce) });
  answer.end(html);
}

/** As `offhold/app/settings.py` has it. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}
