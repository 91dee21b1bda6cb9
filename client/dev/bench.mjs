/**
 * The browser's figures, as JSON: `npm run bench` after `npm run build`. Chromium (CHROMIUM names it) works on a list of
 * 10,000 cases of the fake server, under the policy Django sends. Each time stands beside its ratio to one frame of
 * this machine's browser, measured on an empty page in the same run. SECONDS sets how long facts stream (60).
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const SECONDS = Number(process.env.SECONDS ?? 60);
const PER_SECOND = 100;
const ASSETS = new URL("../../offhold/app/client_build/assets/", import.meta.url);

const port = await freePort();
const server = spawn(
  process.execPath,
  ["node_modules/vite/bin/vite.js", "preview", "--port", String(port), "--strictPort"],
  {
    cwd: new URL("..", import.meta.url),
    env: { ...process.env, FAKE_CASES: "10000", FAKE_PER_SECOND: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});
try {
  await once(server.stdout, "data");
  console.log(JSON.stringify(await measured(`http://127.0.0.1:${port}`), null, 2));
} finally {
  await browser.close();
  server.kill();
}

async function measured(address) {
  const frame = await frameOf(await browser.newPage());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watchFrames);
  await page.goto(`${address}/inbox/open`);
  await page.locator("[role=option]").first().waitFor();
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null);
  const keys = await walked(page, 60);
  const storm = await streamed(page, address);
  const ratio = (ms) => Math.round((ms / frame) * 100) / 100;
  return {
    frame_ms: frame,
    initial_js_kb_gzip: initialKilobytes(),
    first_paint_ms: Math.round(paint),
    key_to_case_p95_ms: keys,
    key_to_case_p95_frames: ratio(keys),
    facts_per_second: PER_SECOND,
    frame_interval_p99_ms: storm.p99,
    frame_interval_p99_frames: ratio(storm.p99),
    rows_in_dom: storm.rows,
    memory_ratio: storm.memory,
  };
}

/** j, until the next case's title and words stand painted: the 95th of 100. */
async function walked(page, steps) {
  await page.locator("[role=option]").first().click();
  await page.locator("article").first().waitFor();
  const times = await page.evaluate(async (steps) => {
    const found = [];
    for (let n = 0; n < steps; n += 1) {
      const before = location.pathname;
      const start = performance.now();
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
      while (location.pathname === before || !document.querySelector("main article"))
        await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      found.push(performance.now() - start);
    }
    return found;
  }, steps);
  return percentile(times, 0.95);
}

/** Facts stream while a case is open: the 99th of 100 intervals between frames, and what the memory did. */
async function streamed(page, address) {
  await fetch(`${address}/dev/storm?per_second=${PER_SECOND}`, { method: "POST" });
  await page.waitForTimeout(5_000);
  const before = await memory(page);
  await page.evaluate(() => void (globalThis.intervals.length = 0));
  await page.waitForTimeout(SECONDS * 1_000);
  const p99 = percentile(await page.evaluate(() => globalThis.intervals), 0.99);
  const rows = await page.locator("[role=option]").count();
  return { p99, rows, memory: Math.round(((await memory(page)) / before) * 100) / 100 };
}

async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  return page.evaluate(() => performance.memory.usedJSHeapSize);
}

/** How long one frame takes on a page that does nothing. */
async function frameOf(page) {
  await page.addInitScript(watchFrames);
  await page.goto("about:blank");
  await page.evaluate(watchFrames);
  await page.waitForTimeout(2_000);
  const found = percentile(await page.evaluate(() => globalThis.intervals), 0.5);
  await page.close();
  return found;
}

function watchFrames() {
  globalThis.intervals = [];
  let last = performance.now();
  const next = (now) => {
    globalThis.intervals.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

function initialKilobytes() {
  const entry = readdirSync(ASSETS).filter((name) => /^index-.*\.js$/.test(name));
  return Math.round(entry.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, ASSETS))).length, 0) / 1000);
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
