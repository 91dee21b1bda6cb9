/**
 * The browser's figures, as JSON: `npm run bench` after `npm run build`; `make bench-client` adds what takes two people
 * and a real server. Chromium (CHROMIUM names it) works on a list of 10,000 cases of the fake server, under the policy
 * Django sends. Each time stands beside its ratio to one frame of this machine's browser, measured on an empty page in
 * the same run. SECONDS sets how long facts stream (60), CASES how many
 * stand in the list; ONLY names some of the figures below, with commas.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { chromium } from "playwright-core";
import { initialBytes } from "./bench/initial.mjs";
import { held, walked } from "./bench/keys.mjs";
import { blow, patched, scrolled, streamed } from "./bench/list.mjs";
import { anHour } from "./bench/memory.mjs";
import { firstUsefulPaint } from "./bench/paint.mjs";
import { filled, frameOf, opened } from "./bench/screen.mjs";

/** So many open cases are in the list; one in nine of the fake server's is resolved. */
const OPEN = Number(process.env.CASES ?? 10_000);
const CASES = Math.ceil((OPEN * 9) / 8);
const SECONDS = Number(process.env.SECONDS ?? 60);
const ONLY = process.env.ONLY?.split(",");
/** No figure may take longer (s), beside the time that facts stream: then it is said to be unfinished. */
const BOUND = 120;
const BUILD = new URL("../../offhold/app/client_build/", import.meta.url);

/** In this order: those that share the screen with 10,000 cases leave it as the next one needs it. */
const FIGURES = {
  scripts: async () => ({ initial_js_kb_gzip: Math.round(initialBytes(BUILD) / 1000) }),
  paint: ({ browser, address }) => firstUsefulPaint(browser, address),
  keys: async ({ full }) => walked(await full()),
  held: async ({ full }) => held(await full()),
  patch: async ({ full, address }) => patched(await full(), address),
  scroll: async ({ full }) => scrolled(await full()),
  storm: async ({ full, address }) => streamed(await full(), address, SECONDS),
  // beside no other screen that hears the same facts
  memory: async ({ browser, address }) => {
    await leave();
    return anHour(browser, address);
  },
};

const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const server = spawn(
  process.execPath,
  ["node_modules/vite/bin/vite.js", "preview", "--port", String(port), "--strictPort"],
  {
    cwd: new URL("..", import.meta.url),
    env: { ...process.env, FAKE_CASES: String(CASES), FAKE_PER_SECOND: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});
try {
  await once(server.stdout, "data");
  console.log(JSON.stringify(await measured(), null, 2));
} finally {
  await browser.close();
  server.kill();
}

async function measured() {
  const frame = await frameOf(await browser.newPage());
  const stand = { browser, address, full: kept(full) };
  const found = { frame_ms: frame };
  const unfinished = [];
  for (const [name, measure] of Object.entries(FIGURES)) {
    if (ONLY && !ONLY.includes(name)) continue;
    const figures = await within(BOUND + SECONDS, measure(stand)).catch((error) => void console.error(name, error));
    if (figures) Object.assign(found, figures);
    else {
      unfinished.push(name);
      // whatever it was at, the next one begins with a screen of its own
      await leave();
      stand.full = kept(full);
    }
  }
  return { ...withRatios(found, frame), unfinished };
}

/** No screen is open, and nothing happens any more. */
async function leave() {
  await blow(address, 0);
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** The screen with 10,000 cases in its list. */
async function full() {
  const page = await opened(browser, address);
  const cases = await filled(page, OPEN);
  console.error(`${cases} cases in the list`);
  return page;
}

function withRatios(found, frame) {
  const inFrames = ([name, value]) => [name.replace(/_ms$/, "_frames"), Math.round((value / frame) * 100) / 100];
  return {
    ...found,
    ...Object.fromEntries(
      Object.entries(found)
        .filter(([name]) => name.endsWith("_ms") && name !== "frame_ms")
        .map(inFrames),
    ),
  };
}

function kept(make) {
  let made;
  return () => (made ??= make());
}

async function within(seconds, promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`It took longer than ${seconds} s.`)), seconds * 1_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
