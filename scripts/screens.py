"""The pictures in docs/screens, taken of the real thing: a company's desk, a living network, Chromium.

`make screens [FOLDER=...]`. Everything runs in a directory of its own that is gone afterwards. The network plays the
same day each time (one seed), so pictures taken again differ by what changed on the screens, and by the clock.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_VAR = tempfile.TemporaryDirectory(prefix="offhold-screens-")
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "offhold.app.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "OFFHOLD_VAR_DIR": _VAR.name,
    }
)

import django  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from offhold.app import config, keys  # noqa: E402

keys.create_missing(config.current())
django.setup()

from tests.browser import chromium  # noqa: E402
from tests.browser.screen import Screen  # noqa: E402
from tests.browser.stage import Somebody, Stage, stage  # noqa: E402
from tests.support.database import serving  # noqa: E402
from tests.support.running import until  # noqa: E402

SIZES = {1440: 900, 1024: 768, 390: 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SEED = 7
COLOURS = 256
# of scenario seconds in a second of the clock all read, which runs fast here
SPEED = 0.1
CASES = 14
# What stands outside the window waits to be fetched until somebody scrolls there.
LOADED = """[...document.images].every((image) => {
  const at = image.getBoundingClientRect();
  const outside = at.top > innerHeight || at.bottom < 0 || at.left > innerWidth || at.right < 0;
  return image.complete || at.width === 0 || outside;
})"""


def main() -> None:
    """Take them all; the folder may be given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(_VAR.name) / "stage"
    place.mkdir()
    clock = Clock(place / "clock")
    with serving() as server, stage(server.copy(), place) as made:
        case = tell_a_story(made, clock)
        waiting = made.town.cast["alice"].sees("/inbox", view="to_answer")["rows"]
        others = [row for row in waiting if row["id"] != case and row["audiences"] == ["public"]]
        with sync_playwright() as playwright:
            browser = chromium.launched(playwright, chromium.path())
            for width, height in SIZES.items():
                for scheme in SCHEMES:
                    take(browser, made, (case, others.pop()), folder, (width, height), scheme)
            browser.close()
    total = sum(path.stat().st_size for path in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {total / 1e6:.1f} MB in {folder}")


def tell_a_story(made: Stage, clock: Clock) -> str:
    """An ordinary morning, and in it one customer who was answered in public and in private. That case's id."""
    bob, alice = made.town.cast["bob"], made.town.cast["alice"]
    play = made.control.play("calm", "northair", seed=SEED, speed=SPEED)

    def later() -> bool:
        clock.goes_on(70)
        return len(alice.sees("/inbox", view="open")["rows"]) >= CASES and clock.behind <= 1200

    until(later, 90, 0.25, what="a list worth a picture")
    made.control.stop(play)
    clock.set(-1100)
    dora = Somebody("dora_w", "Dora Winters")
    made.control.call("POST", "/control/accounts", handle=dora.handle, name=dora.name, followers=312)
    first = made.asks(
        dora, "NW482 to Oslo is cancelled and the phone line just cut me off after 50 minutes. How do we get home?"
    )
    case = made.case_of(dora)["id"]

    def holds(messages: int) -> None:
        until(lambda: alice.case(case)["case"]["messages"] == messages, 60, what=f"{messages} messages with Dora")

    clock.set(-960)
    made.writes(dora, "Booking is K7TQ4M, two adults and a child. We need to be there tonight.")
    holds(2)
    clock.set(-840)
    team = {one["duty_name"]: one["id"] for one in alice.sees("/me")["team"]}
    bob.asks(f"/cases/{case}/assign", assignee_id=team["Alice"])
    bob.asks(
        f"/cases/{case}/notes",
        client_key=str(uuid.uuid4()),
        text="NW484 at 18:20 has 3 seats left. Held for 30 minutes.",
    )
    clock.set(-780)
    alice.answers_publicly(
        alice.case(case),
        "We are so sorry, Dora. A person has your booking open: please look at your direct messages. ^AL",
    )
    holds(3)
    clock.set(-600)
    alice.answers_directly(
        alice.case(case),
        "Dora, Alice here. You are all three on NW484 at 18:20 today, seats 14A to C. The hotel voucher is yours too.",
    )
    holds(4)
    clock.set(-190)
    made.asks(dora, "Thank you, that was quick! Does the pushchair go with us to the gate?", to=first)
    holds(5)
    clock.set(0)
    leila = Somebody("leila_m", "Leila Mbarek")
    made.control.call("POST", "/control/accounts", handle=leila.handle, name=leila.name, followers=5_400)

    def well() -> bool:
        """To a clock that jumps all looks late. What arrives from now on is on time."""
        return bool(alice.sees("/channels")["channels"][0]["health"]["state"] == "ok")

    made.asks(leila, "My upgrade to row 2 shows in the app and not on my boarding pass. Which one counts?")
    until(well, 90, 1, what="a channel on which all is well")
    return str(case)


class Clock:
    """The one all processes read: it begins over an hour ago and ends now, so that waits differ as they do in life."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(-4000)

    def set(self, offset: float) -> None:
        """So many seconds beside the machine's. Replaced whole: nobody reads half of it."""
        self.behind = -offset
        new = self._file.with_suffix(".new")
        new.write_text(str(offset))
        new.replace(self._file)

    def goes_on(self, seconds: float) -> None:
        self.set(min(0.0, -self.behind + seconds))


def take(
    browser: Browser,
    made: Stage,
    cases: tuple[str, Any],
    folder: Path,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
) -> None:
    """All screens in one size and scheme, with the case of the story and another that nothing was done with."""
    (case, other), (width, height) = cases, size
    options = {
        "viewport": {"width": width, "height": height},
        "color_scheme": scheme,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
    }
    context = browser.new_context(**options)  # type: ignore[arg-type]
    screen = Screen(context, made.url)

    def shot(name: str, page: Page = screen.page) -> None:
        page.evaluate("document.fonts.ready")
        until(lambda: page.evaluate(LOADED), 20, what="all pictures")
        keep(page.screenshot(animations="disabled", caret="hide"), folder / f"{name}-{scheme}-{width}.png")

    screen.go("/")
    expect(screen.page.get_by_role("heading", name="Sign in to Offhold")).to_be_visible()
    shot("login")
    context.add_cookies(made.cookies("alice"))  # type: ignore[arg-type]
    if width < 760:
        screen.go("/inbox/to_answer")
        expect(screen.page.get_by_role("option").first).to_be_visible()
        shot("list")
    screen.open_case({"id": case}, view="to_answer")
    expect(screen.bubble("Does the pushchair go with us")).to_be_visible()
    if width < 760:
        shot("case")
    screen.write(
        "public",
        "It does, Dora: hand it over at the aircraft door, it waits there in Oslo. Have a good flight home! ^AL",
    )
    shot("inbox")
    screen.page.keyboard.press("Escape")
    screen.write("direct", "Your vouchers: HT-4471 (hotel), 3 x MEAL-9. Show them at the desk in hall B.")
    shot("direct")
    gates(screen, made, case, other, shot)
    screen.go("/settings")
    expect(screen.page.get_by_role("switch").first).to_be_visible()
    expect(screen.page.get_by_role("button", name="Bluesky")).to_be_visible()
    expect(screen.page.get_by_text("Nothing is put aside.")).to_be_visible()
    shot("channels")
    screen.page.goto(made.town.network.address)
    expect(screen.page.get_by_role("heading").first).to_be_visible()
    shot("sandbox")
    context.close()


def gates(screen: Screen, made: Stage, case: str, other: Any, shot: Callable[[str], None]) -> None:
    """What happens before a reply goes out: the guard, the hold, agreement, the stop, the policy. Nothing gets out."""
    screen.open_case({"id": case}, view="to_answer")
    screen.write("public", "Calm down, Dora: your booking K7TQ4M is safe, ask jim.dale@northair.example. ^AL")
    expect(screen.page.locator("[data-weight=refuse]").first).to_be_visible()
    shot("guard")
    bob = made.town.cast["bob"]
    with made.policy(asks_public={"everyone": True}):
        for words in ("Bob here, a person. I look at it now. ^B", "We hear you. Write us a direct message? ^B"):
            bob.answers_publicly(bob.case(other["id"]), words)
        screen.go("/approvals")
        expect(screen.page.get_by_role("group", name="by Bob")).to_have_count(2)
        expect(screen.page.get_by_label("Last in this case")).to_contain_text(other["identity"]["name"])
        shot("approvals")
        take_back(screen, made)
    with made.holds(public=240):
        bob.answers_publicly(bob.case(other["id"]), "Bob here, a person. I look at it now. ^B")
        screen.open_case(other, view="to_answer")
        expect(screen.page.get_by_label("Waiting to go out")).to_be_visible()
        shot("held")
        take_back(screen, made)
    screen.page.keyboard.press("!")
    expect(screen.page.get_by_role("textbox", name="Why")).to_be_focused()
    shot("stop")
    screen.go("/settings/publishing")
    expect(screen.page.get_by_role("heading", name="What the guard looks for")).to_be_visible()
    shot("publishing")


def take_back(screen: Screen, made: Stage) -> None:
    """Whatever waits."""
    alice = made.town.cast["alice"]
    for waiting in alice.sees("/unsent")["waiting"]:
        alice.asks(f"/public-replies/{waiting['reply']['id']}/take-back")
    expect(screen.page.get_by_label("Waiting to go out")).to_have_count(0)


def keep(picture: bytes, path: Path) -> None:
    """With a palette of its own: a third of the size, and no eye tells."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name)


if __name__ == "__main__":
    main()
