/** The list: what one fact renders of it, frames while facts stream, frames while it is scrolled. */

import { inCase, intervals, percentile, rounded, watched } from "./screen.mjs";

export const PER_SECOND = 100;
const SCROLLS = 5_000;
/** A turn of the wheel (px): three screens, faster than eyes follow. */
const TURN = 3_000;

/** Somebody elsewhere takes a case whose line is in sight: the most lines that one fact renders. */
export async function patched(page, address) {
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll("[role=option]")].map((line) => line.id.slice("case-".length)),
  );
  await page.waitForTimeout(500);
  const most = [];
  for (const [n, id] of ids.slice(3, 8).entries()) {
    await page.evaluate(() => void (globalThis.linesRendered.length = 0));
    const body = JSON.stringify({ assignee_id: n % 2 === 0 ? "12" : null });
    await fetch(`${address}/api/cases/${id}/assign`, { method: "POST", body });
    await page.waitForFunction(() => globalThis.linesRendered.length > 0, undefined, { timeout: 5_000 });
    await page.waitForTimeout(200);
    most.push(await page.evaluate(() => globalThis.linesRendered.reduce((sum, lines) => sum + lines, 0)));
  }
  return { rows_rendered_by_a_patch: Math.max(...most) };
}

/** Facts stream while a case is open. */
export async function streamed(page, address, seconds) {
  await inCase(page);
  await blow(address, PER_SECOND);
  await page.waitForTimeout(3_000);
  await watched(page);
  await page.waitForTimeout(seconds * 1_000);
  const frames = await intervals(page);
  await blow(address, 0);
  return {
    facts_per_second: PER_SECOND,
    seconds,
    frame_interval_p99_ms: percentile(frames, 0.99),
    rows_in_dom: await page.locator("[role=option]").count(),
  };
}

/** The wheel turns over the list: frames, and how many of them showed no line where one belongs. */
export async function scrolled(page) {
  const box = await page.getByRole("listbox").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.evaluate(watchForBlanks, y);
  await watched(page);
  const began = performance.now();
  while (performance.now() - began < SCROLLS) await page.mouse.wheel(0, TURN);
  const frames = await intervals(page);
  const blank = await page.evaluate(() => globalThis.blanks.length / globalThis.looks);
  const line = await page.evaluate(() =>
    Math.max(...[...document.querySelectorAll("[role=option]")].map((each) => Number(each.ariaPosInSet))),
  );
  return {
    scroll_frame_p50_ms: percentile(frames, 0.5),
    scroll_frame_p99_ms: percentile(frames, 0.99),
    scroll_blank_share: rounded(blank * 100) / 100,
    scrolled_to_line: line,
  };
}

/** By where the lines are: while it scrolls, the list lets nothing be pointed at. */
function watchForBlanks(y) {
  globalThis.looks = 0;
  globalThis.blanks = [];
  const covers = (line) => {
    const { top, bottom } = line.getBoundingClientRect();
    return top <= y && y < bottom;
  };
  const look = () => {
    globalThis.looks += 1;
    if (![...document.querySelectorAll("[role=option]")].some(covers)) globalThis.blanks.push(performance.now());
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

export async function blow(address, perSecond) {
  await fetch(`${address}/dev/storm?per_second=${perSecond}`, { method: "POST" });
}
