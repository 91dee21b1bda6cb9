/** j and k: from the key to the painted case, one press after the other, and held. */

import { inCase, intervals, percentile, rounded, watched } from "./screen.mjs";

const STEPS = 100;
/** On a machine that is busy, as many as there is time for (ms). */
const WITHIN = 90_000;
/** As fast as a person reads titles (ms). */
const READS = 150;
/** A key that is held repeats so often (ms), for so long. */
const REPEATS = 33;
const HELD = 3_000;

/** Until the next case's title and words stand painted: of so many steps. */
export async function walked(page) {
  await inCase(page);
  await page.waitForTimeout(1_000);
  await page.evaluate(watchForCase);
  const times = [];
  const began = performance.now();
  for (let n = 0; n < STEPS && performance.now() - began < WITHIN; n += 1) {
    await page.evaluate(() => globalThis.expectCase());
    await page.keyboard.press(n % 10 < 7 ? "j" : "k");
    times.push(await page.evaluate(() => globalThis.painted));
    await page.waitForTimeout(READS);
  }
  return {
    keys_pressed: times.length,
    key_to_case_p50_ms: percentile(times, 0.5),
    key_to_case_p95_ms: percentile(times, 0.95),
  };
}

/** While j is held, the list walks in its frames; let go, the case it ended at is painted, and none that it passed. */
export async function held(page) {
  await inCase(page);
  await page.evaluate(watchForCase);
  const session = await page.context().newCDPSession(page);
  const press = (type, autoRepeat) =>
    session.send("Input.dispatchKeyEvent", {
      type,
      key: "j",
      code: "KeyJ",
      autoRepeat,
      text: type === "keyUp" ? "" : "j",
    });
  const before = await place(page);
  const presses = Math.ceil(HELD / REPEATS);
  await watched(page);
  for (let n = 0; n < presses; n += 1) {
    await press("keyDown", n > 0);
    await page.waitForTimeout(REPEATS);
  }
  const frames = await intervals(page);
  const walkedBy = (await place(page)) - before;
  if (walkedBy !== presses) throw new Error(`j was pressed ${presses} times and went ${walkedBy} lines.`);
  await page.evaluate(() => globalThis.expectCase("keyup"));
  await press("keyUp", false);
  const painted = await page.evaluate(() => globalThis.painted);
  return { held_key_frame_p99_ms: percentile(frames, 0.99), held_key_to_case_ms: rounded(painted) };
}

function place(page) {
  return page.evaluate(() =>
    Number(document.querySelector("[role=option][aria-current]")?.getAttribute("aria-posinset")),
  );
}

/** The frame after the one that found other words under another title in another address: by then they are painted. */
function watchForCase() {
  globalThis.expectCase = (by = "keydown") => {
    const path = location.pathname;
    const words = document.querySelector("main article");
    globalThis.painted = new Promise((tell) => {
      const pressed = ({ timeStamp }) => {
        const look = () => {
          const now = document.querySelector("main article");
          const isThere = location.pathname !== path && now && now !== words;
          if (!isThere) return void requestAnimationFrame(look);
          requestAnimationFrame(() => tell(performance.now() - timeStamp));
        };
        requestAnimationFrame(look);
      };
      addEventListener(by, pressed, { once: true, capture: true });
    });
  };
}
