/**
 * The browser's figures, as JSON: `npm run bench` after `npm run build`; `make bench-client` adds what takes two people
 * and a real server. Chromium (CHROMIUM names it) works on a list of 10,000 cases of the fake server, under the policy
 * Django sends. Each time stands beside its ratio to one frame of this machine's browser, measured on an empty page in
 * the same run. SECONDS sets how long facts stream (60).
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { chromium } from "playwright-core";
import { initialBytes } from "./initial.mjs";
import { watchRenders } from "./renders.mjs";

/** Of which one in nine is resolved: 10,000 are open. */
const CASES = 11_250;
const STEPS = 100;
const SECONDS = Number(process.env.SECONDS ?? 60);
const PER_SECOND = 100;
/** An hour at ten facts a second: its first minute as it is, the rest of it a hundred times as fast. */
const HOUR = { perSecond: 10, minute: 60, faster: 100 };
const BUILD = new URL("../../offhold/app/client_build/", import.meta.url);

const port = await freePort();
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
  console.log(JSON.stringify(await measured(`http://127.0.0.1:${port}`), null, 2));
} finally {
  await browser.close();
  server.kill();
}

async function measured(address) {
  const frame = await frameOf(await browser.newPage());
  const ratio = (ms) => Math.round((ms / frame) * 100) / 100;
  const useful = await firstUsefulPaint(address);
  const page = await opened(address);
  const cases = await filled(page);
  const keys = await walked(page);
  const rendered = await patched(page, address);
  const storm = await streamed(page, address);
  await page.close();
  const memory = await anHour(address);
  return {
    frame_ms: frame,
    initial_js_kb_gzip: Math.round(initialBytes(BUILD) / 1000),
    first_useful_paint_ms: useful,
    first_useful_paint_frames: ratio(useful),
    cases_in_list: cases,
    key_to_case_p50_ms: keys.p50,
    key_to_case_p95_ms: keys.p95,
    key_to_case_p95_frames: ratio(keys.p95),
    rows_rendered_by_a_patch: rendered,
    facts_per_second: PER_SECOND,
    seconds: SECONDS,
    frame_interval_p99_ms: storm.p99,
    frame_interval_p99_frames: ratio(storm.p99),
    rows_in_dom: storm.rows,
    memory_first_minute_mb: memory.minute,
    memory_after_an_hour_mb: memory.hour,
    memory_ratio: memory.ratio,
  };
}

async function opened(address) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watchFrames);
  await page.addInitScript(watchRenders);
  await page.goto(`${address}/inbox/open`);
  await page.locator("[role=option]").first().waitFor();
  return page;
}

/** From asking for the page, with nothing kept of it, until lines of the list are painted: the middle of five. */
async function firstUsefulPaint(address) {
  const times = [];
  for (let n = 0; n < 5; n += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(watchForLines);
    await page.goto(`${address}/inbox/open`);
    times.push(await page.waitForFunction(() => globalThis.useful).then((found) => found.jsonValue()));
    await context.close();
  }
  return percentile(times, 0.5);
}

/** Down to the end of the list, page after page, until all of it is there; then up again. Returns how many there are. */
async function filled(page) {
  const list = page.getByRole("listbox");
  const scrolledTo = (place) => list.evaluate((box, place) => (box.scrollTop = place * box.scrollHeight), place);
  const loaded = () => list.evaluate((box) => Math.round(box.scrollHeight / 88));
  let last = 0;
  for (let vain = 0; vain < 20;) {
    await scrolledTo(1);
    await page.waitForTimeout(50);
    const now = await loaded();
    vain = now > last ? 0 : vain + 1;
    last = now;
  }
  await scrolledTo(0);
  await page.waitForTimeout(500);
  return last;
}

/** j and k, until the next case's title and words stand painted: of so many steps. */
async function walked(page) {
  await page.locator("[role=option]").first().click();
  await page.locator("article").first().waitFor();
  await page.waitForTimeout(1_000);
  const times = await page.evaluate(async (steps) => {
    const found = [];
    for (let n = 0; n < steps; n += 1) {
      const before = document.querySelector("#case-title")?.textContent;
      const path = location.pathname;
      const start = performance.now();
      const key = n % 10 < 7 ? "j" : "k";
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      const isThere = () =>
        location.pathname !== path &&
        document.querySelector("#case-title")?.textContent !== before &&
        document.querySelector("main article");
      while (!isThere() && performance.now() - start < 5_000) await new Promise(requestAnimationFrame);
      // painted: the frame after the one that found it
      await new Promise(requestAnimationFrame);
      found.push(performance.now() - start);
      // as fast as a person reads titles
      await new Promise((later) => setTimeout(later, 150));
    }
    return found;
  }, STEPS);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** Somebody elsewhere takes a case whose line is in sight: the most lines that one commit renders for it. */
async function patched(page, address) {
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("[role=option]")].map((line) => line.id.slice("case-".length)),
  );
  await page.waitForTimeout(500);
  const most = [];
  for (const [n, id] of ids.slice(3, 8).entries()) {
    await page.evaluate(() => void (globalThis.linesRendered.length = 0));
    const body = JSON.stringify({ assignee_id: n % 2 === 0 ? "12" : null });
    await fetch(`${address}/api/cases/${id}/assign`, { method: "POST", body });
    await page.waitForFunction(() => globalThis.linesRendered.length > 0, undefined, { timeout: 2_000 }).catch(() => 0);
    await page.waitForTimeout(200);
    most.push(await page.evaluate(() => globalThis.linesRendered.reduce((sum, lines) => sum + lines, 0)));
  }
  return Math.max(...most);
}

/** Facts stream while a case is open: the 99th of 100 intervals between frames. */
async function streamed(page, address) {
  await blow(address, PER_SECOND);
  await page.waitForTimeout(3_000);
  await page.evaluate(() => void (globalThis.intervals.length = 0));
  await page.waitForTimeout(SECONDS * 1_000);
  const p99 = percentile(await page.evaluate(() => globalThis.intervals), 0.99);
  const rows = await page.locator("[role=option]").count();
  await blow(address, 0);
  return { p99, rows };
}

/** A screen left open: what is kept after the first minute, and after the hour. */
async function anHour(address) {
  const page = await opened(address);
  await page.locator("[role=option]").first().click();
  await page.locator("article").first().waitFor();
  await blow(address, HOUR.perSecond * HOUR.faster);
  await page.waitForTimeout((HOUR.minute * 1_000) / HOUR.faster);
  const minute = await memory(page);
  await page.waitForTimeout((59 * HOUR.minute * 1_000) / HOUR.faster);
  await blow(address, 0);
  await page.waitForTimeout(2_000);
  const hour = await memory(page);
  await page.close();
  return { minute: inMegabytes(minute), hour: inMegabytes(hour), ratio: Math.round((hour / minute) * 100) / 100 };
}

async function blow(address, perSecond) {
  await fetch(`${address}/dev/storm?per_second=${perSecond}`, { method: "POST" });
}

/** What is in use after the garbage is gone (bytes). */
async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}

function inMegabytes(bytes) {
  return Math.round(bytes / 100_000) / 10;
}

/** How long one frame takes on a page that does nothing. */
async function frameOf(page) {
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

function watchForLines() {
  const look = () => {
    if (!document.querySelector("[role=option]")) return void requestAnimationFrame(look);
    requestAnimationFrame(() => void (globalThis.useful = performance.now()));
  };
  requestAnimationFrame(look);
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
