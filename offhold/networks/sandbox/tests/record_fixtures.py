"""Records the fixtures anew from a running network: `python -m offhold.networks.sandbox.tests.record_fixtures`.

`page.json` a page of the event log with every kind of event, `thread.json` a thread read again, with fields nobody has
heard of.
"""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from offhold.networks.sandbox.demo import NORTHAIR, DemoCompany
from offhold.networks.sandbox.tests.running import Running, network
from offhold.networks.sandbox.world.pictures import snapshot

FIXTURES = Path(__file__).parent.parent / "fixtures"
PORT = "http://127.0.0.1:8021"


def record(running: Running) -> dict[str, bytes]:
    """File name -> what it holds."""
    company = running.control.found_company(*NORTHAIR)
    root = tell_story(running, company)
    page = b""
    while b"status.counted" not in page:  # counts are told once a second
        page = get(running, company, "/api/events")
        time.sleep(0.05)
    running.control.fault("drift_fields", "thread", count=1)
    thread = get(running, company, f"/api/statuses/{root}/thread")
    return {"page.json": page, "thread.json": thread}


def tell_story(running: Running, company: DemoCompany) -> str:
    """One of everything. The id of the thread's first post."""
    control, us = running.control, company.handle
    for handle, name in (("dora", "Dora Whitlock"), ("misaki", "佐々木美咲"), ("omar", "عمر الحسن")):
        control.call("POST", "/control/accounts", handle=handle, name=name, followers=214)

    def act(who: str, do: str, **more: str) -> str:
        [done] = control.act({"who": who, "do": do, **more})
        assert "error" not in done, done
        return str(done.get("id", ""))

    root = act("dora", "post", text=f"@{us} NW482 is cancelled. How do I get home? https://example.org/nw482")
    ours = act(us, "post", text="We are looking into it, Dora. ^MK", to=root, key="0190f1c2-public")
    act("dora", "post", text="Thank you, I am at gate B14.", to=ours)
    act("misaki", "post", text=f"@{us} {'羽田行きの便はどうなりますか？'}", quotes=root)
    act("omar", "post", text="هل يوجد إنسان هناك؟", to=root)
    act("dora", "direct", text="My booking is K7TQ4M.", to=us)
    act(us, "direct", text="Thank you, Dora. You are on NW484 at 18:20. ^MK", to="dora", key="0190f1c2-direct")
    typo = act("misaki", "post", text=f"@{us} wher is my suitcase?")
    act("misaki", "edit", id=typo, text=f"@{us} where is my suitcase?")
    act("omar", "like", id=typo)
    act("misaki", "delete", id=typo)
    with_picture(running, company, root)
    act("misaki", "like", id=root)
    act("omar", "follow", to=us)
    act(us, "suspend")
    act(us, "restore")
    return root


def with_picture(running: Running, company: DemoCompany, root: str) -> None:
    """The company answers with a picture, by the API as an app does."""
    picture = call(running, company, "/api/media", snapshot("rebooking"), {"x-alt": "How%20to%20rebook"})
    status = {"text": "This is where to press.", "visibility": "public", "in_reply_to": root, "media": [picture["id"]]}
    call(running, company, "/api/statuses", json.dumps(status).encode(), {"idempotency-key": "0190f1c2-picture"})


def call(running: Running, company: DemoCompany, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(running.address + path, body, {**headers, **bearer(company)})
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, Any] = json.loads(answer.read())
        return told


def get(running: Running, company: DemoCompany, path: str) -> bytes:
    with urllib.request.urlopen(
        urllib.request.Request(running.address + path, headers=bearer(company)), timeout=10
    ) as answer:
        content: bytes = answer.read()
        return content


def bearer(company: DemoCompany) -> dict[str, str]:
    return {"authorization": f"Bearer {company.typed['token']}"}


def main() -> None:
    with tempfile.TemporaryDirectory() as data, network(Path(data)) as running:
        for name, body in record(running).items():
            (FIXTURES / name).write_bytes(body.replace(running.address.encode(), PORT.encode()) + b"\n")


if __name__ == "__main__":
    main()
