"""`make bench-client`: the browser's figures as one JSON object; `--seconds N` sets how long facts stream (60).

What one screen does is measured by `client/dev/bench.mjs` on a list of 10,000 cases; what two people see of each other,
here, on a whole Offhold with the sandbox network: from the key one of them presses to the other's screen showing it.
`scripts/bench_client --only keys,two` measures these alone. A figure that does not come in its time is said to be
unfinished, and the others follow.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_VAR = tempfile.TemporaryDirectory(prefix="offhold-bench-client-")
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "offhold.app.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "OFFHOLD_VAR_DIR": _VAR.name,
    }
)

import django  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402
from playwright.sync_api import Error as PlaywrightError  # noqa: E402

from offhold.app import config, keys  # noqa: E402

keys.create_missing(config.current())
django.setup()

from tests.browser import chromium  # noqa: E402
from tests.browser.screen import Screen  # noqa: E402
from tests.browser.stage import Stage, stage  # noqa: E402
from tests.support.database import serving  # noqa: E402

NOTES = 40
# In the order they are measured; all but the last by `client/dev/bench.mjs`.
FIGURES = ("scripts", "paint", "keys", "held", "patch", "scroll", "storm", "memory", "two")
# So long may all of one screen take beside the time that facts stream (s), and one note until the other has it (ms).
ONE_SCREEN = 900
SEEN_WITHIN = 10_000
MARKS = {
    "initial_js_kb_gzip": 200,
    "first_useful_paint_ms": 1000,
    "key_to_case_p95_ms": 50,
    "rows_rendered_by_a_patch": 1,
    "scroll_frame_p99_ms": 50,
    "frame_interval_p99_ms": 50,
    "memory_ratio": 1.2,
    "seen_by_the_other_p95_ms": 300,
}
# Both pages live on one machine and read one clock.
NOW = "() => performance.timeOrigin + performance.now()"
WAIT_FOR = """([words, within]) => new Promise((tell, fail) => {
  setTimeout(() => fail(new Error(`${words} was not seen.`)), within);
  const look = () => {
    const found = [...document.querySelectorAll("main article")].some((one) => one.textContent.includes(words));
    if (!found) return void requestAnimationFrame(look);
    requestAnimationFrame(() => tell(performance.timeOrigin + performance.now()));
  };
  look();
})"""


def main() -> None:
    """Measure, print, and end with 1 when a mark was missed or a figure is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--only", default=",".join(FIGURES), help=", ".join(FIGURES))
    asked = parser.parse_args()
    only = asked.only.split(",")
    if unknown := set(only) - set(FIGURES):
        parser.error(f"there is no figure called {', '.join(sorted(unknown))}")
    before = os.getloadavg()[0]
    figures = of_one(asked.seconds, [name for name in only if name != "two"])
    unfinished: list[str] = figures.pop("unfinished")
    if "two" in only:
        try:
            figures |= of_two(figures["frame_ms"])
        except (PlaywrightError, AssertionError) as error:
            print(error, file=sys.stderr)
            unfinished.append("two")
    missed = [name for name, most in MARKS.items() if name in figures and figures[name] > most]
    machine = {"cores": os.cpu_count(), "load_before": before, "load_after": os.getloadavg()[0]}
    said = {"bench": "client", "figures": figures, "machine": machine, "missed": missed, "unfinished": unfinished}
    print(json.dumps(said, indent=2))
    sys.exit(1 if missed or unfinished else 0)


def of_one(seconds: int, only: list[str]) -> dict[str, Any]:
    command = [sys.executable, str(ROOT / "scripts" / "node.py"), "run", "--silent", "bench"]
    env = {**os.environ, "SECONDS": str(seconds), "ONLY": ",".join(only)}
    within = ONE_SCREEN + seconds
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, timeout=within)
    said: dict[str, Any] = json.loads(done.stdout[done.stdout.index(b"{") :])
    return said


def of_two(frame: float) -> dict[str, Any]:
    place = Path(_VAR.name) / "stage"
    place.mkdir()
    with serving() as server, stage(server.copy(), place) as made, sync_playwright() as playwright:
        # a process each, as on two machines
        browsers = [chromium.launched(playwright, chromium.path()) for _ in range(2)]
        times = sorted(seen(made, browsers))
        for browser in browsers:
            browser.close()
    p50, p95 = middle(times, 0.5), middle(times, 0.95)
    return {
        "seen_by_the_other_p50_ms": p50,
        "seen_by_the_other_p95_ms": p95,
        "seen_by_the_other_p50_frames": round(p50 / frame, 2),
        "seen_by_the_other_p95_frames": round(p95 / frame, 2),
    }


def seen(made: Stage, browsers: list[Browser]) -> list[float]:
    """Two people in one case write notes in turn: from the key that sends to the other's painted words (ms)."""
    dora = made.somebody()
    made.asks(dora, "who is there?")
    case = made.case_of(dora)
    people = zip(browsers, ("alice", "bob"), strict=True)
    screens = [desk(made, browser, who).open_case(case) for browser, who in people]
    times = [between(screens[n % 2], screens[(n + 1) % 2].page, f"Note number {n:03}.") for n in range(NOTES)]
    return times[2:]  # the first of each finds everything cold


def desk(made: Stage, browser: Browser, who: str) -> Screen:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_cookies(made.cookies(who))  # type: ignore[arg-type]
    return Screen(context, made.url)


def between(writer: Screen, reader: Page, words: str) -> float:
    if not writer.page.evaluate("document.activeElement?.matches('textarea') ?? false"):
        writer.page.keyboard.press("n")  # after that the focus stays for the next note
    expect(writer.text("note")).to_be_focused()
    writer.page.keyboard.insert_text(words)
    reader.evaluate(f"void (window.sight = ({WAIT_FOR})({json.dumps([words, SEEN_WITHIN])}))")
    # until what was typed is kept, so that only the act itself is on its way
    time.sleep(1)
    began = float(writer.page.evaluate(NOW))
    writer.page.keyboard.press("Control+Enter")
    return float(reader.evaluate("window.sight")) - began


def middle(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))], 1)


if __name__ == "__main__":
    main()
