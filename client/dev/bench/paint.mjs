/** From asking for the page, with nothing kept of it, until lines of the list are painted. */

import { percentile, VIEWPORT } from "./screen.mjs";

const TIMES = 5;

export async function firstUsefulPaint(browser, address) {
  const times = [];
  for (let n = 0; n < TIMES; n += 1) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.addInitScript(watchForLines);
    await page.goto(`${address}/inbox/open`);
    times.push(await page.waitForFunction(() => globalThis.useful).then((found) => found.jsonValue()));
    await context.close();
  }
  return { first_useful_paint_ms: percentile(times, 0.5) };
}

function watchForLines() {
  const look = () => {
    if (!document.querySelector("[role=option]")) return void requestAnimationFrame(look);
    requestAnimationFrame(() => void (globalThis.useful = performance.now()));
  };
  requestAnimationFrame(look);
}
