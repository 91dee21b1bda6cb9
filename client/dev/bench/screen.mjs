/** A screen of the built client in Chromium, and what is read off it. */

import { watchRenders } from "./renders.mjs";

/** The height of a line of the list. */
const LINE = 88;
export const VIEWPORT = { width: 1440, height: 900 };

export async function opened(browser, address) {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.addInitScript(watchFrames);
  await page.addInitScript(watchRenders);
  await page.goto(`${address}/inbox/open`);
  await page.locator("[role=option]").first().waitFor();
  return page;
}

/** The first case of the list, with its words. */
export async function inCase(page) {
  await page.locator("[role=option]").first().click();
  await page.locator("main article").first().waitFor();
}

/** Down to the end of the list, page after page, until so many cases are there; then up again. */
export async function filled(page, cases) {
  const list = page.getByRole("listbox");
  const height = (cases - 1) * LINE;
  await list.evaluate(async (box, height) => {
    while (box.scrollHeight < height) {
      box.scrollTop = box.scrollHeight;
      await new Promise(requestAnimationFrame);
    }
    box.scrollTop = 0;
  }, height);
  await list.locator("[aria-posinset='1']").waitFor();
  return list.evaluate((box, line) => Math.round(box.scrollHeight / line), LINE);
}

/** Intervals between frames from now on; see `intervals`. */
export async function watched(page) {
  await page.evaluate(() => void (globalThis.intervals.length = 0));
}

export function intervals(page) {
  return page.evaluate(() => globalThis.intervals);
}

/** How long one frame takes on a page that does nothing. */
export async function frameOf(page) {
  await page.goto("about:blank");
  await page.evaluate(watchFrames);
  await page.waitForTimeout(2_000);
  const found = percentile(await intervals(page), 0.5);
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

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

export function rounded(value) {
  return Math.round(value * 10) / 10;
}
