/** A screen left open for an hour: what is kept after its first minute, and after all of it. */

import { blow } from "./list.mjs";
import { inCase, opened, rounded } from "./screen.mjs";

/** An hour at ten facts a second, played a hundred times as fast. */
const PER_SECOND = 10;
const FASTER = 100;
const MINUTE = 60_000 / FASTER;

export async function anHour(browser, address) {
  const page = await opened(browser, address);
  await inCase(page);
  await blow(address, PER_SECOND * FASTER);
  await page.waitForTimeout(MINUTE);
  const minute = await used(page);
  await page.waitForTimeout(59 * MINUTE);
  await blow(address, 0);
  await page.waitForTimeout(2_000);
  const hour = await used(page);
  await page.close();
  return {
    memory_first_minute_mb: inMegabytes(minute),
    memory_after_an_hour_mb: inMegabytes(hour),
    memory_ratio: Math.round((hour / minute) * 100) / 100,
  };
}

/** What is in use after the garbage is gone (bytes). */
async function used(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}

function inMegabytes(bytes) {
  return rounded(bytes / 1_000_000);
}
