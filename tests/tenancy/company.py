"""A company with one of everything: what somebody of another company must never see, touch, or hear of."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from PIL import Image

from offhold.desk.search import filing
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction
from offhold.people.notices import do_notice
from offhold.people.pages import About, do_page
from offhold.publishing import stops
from offhold.publishing.stops import By, StopAsk
from offhold.publishing.tests.world import World
from tests.support.builders import Workspace
from tests.support.database import acting
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser, Member, signed_in

# Stands in everything the company says and is told, so that one look at an answer shows a leak.
CANARY = "kanarienvogel"
# A browser's keys for web push, out of RFC 8291, appendix A.
KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


def in_a_week() -> str:
    """By then something may be promised."""
    return (clock.now() + timedelta(days=7)).isoformat()


@dataclass
class Company:
    """`ids` by the name a path or body gives them; `admin` is signed in and may do everything."""

    world: World
    admin: Browser
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def with_everything(cls, site: str, owner_sql: OwnerSql) -> Iterator[Company]:
        """Words in public and in private, two cases, a reply, a picture; its network is installed."""
        world = World()
        with world.installed():
            yield cls._made(world, site, owner_sql)

    @classmethod
    def _made(cls, world: World, site: str, owner_sql: OwnerSql) -> Company:
        workspace = Workspace(world.company.id, world.company.queue_id)
        made = cls(world, signed_in(site, Member(workspace, "admin")))
        case = world.asked_in_public(f"Where is my bag? {CANARY}", by="dora")
        made.ids |= {
            "case_id": str(case),
            "channel_id": str(world.channel_id),
            "workspace_id": str(world.company.id),
            "queue_id": str(world.company.queue_id),
            "message_id": str(world.newest(case)),
            "into": str(world.asked_in_public(f"Another matter {CANARY}", by="emil")),
        }
        world.asked_in_private(f"My booking {CANARY}", by="dora")
        made._say(owner_sql)
        with acting("pipeline"):
            filing.file_all()
        return made

    def _say(self, owner_sql: OwnerSql) -> None:
        """What people of the company did, over its own API."""
        case = self.ids["case_id"]
        (version,) = owner_sql("SELECT version FROM cases WHERE id = %s", (case,))[0]
        common = {"client_key": str(uuid.uuid4()), "text": f"On its way {CANARY}", "seen_version": version}
        public = {**common, "before": {"written_as": "public"}, "in_reply_to": self.ids["message_id"], "pictures": []}
        answer = self.admin.post(f"/api/cases/{case}/public-replies", json=public)
        assert answer.status_code == 202, answer.text
        self.ids["reply_id"] = answer.json()["reply"]["id"]
        found = owner_sql(
            "SELECT customer_id, identity_id, (SELECT id FROM memberships m WHERE m.workspace_id = c.workspace_id)"
            " FROM cases c WHERE id = %s",
            (case,),
        )[0]
        self.ids |= {"customer_id": str(found[0]), "identity_id": str(found[1]), "assignee_id": str(found[2])}
        self.ids["media_id"] = self._picture()
        self._keeps(case)
        self.ids |= self._together(case)
        self.ids["page_id"] = self._page(int(self.ids["workspace_id"]))
        tag = self.admin.post("/api/tags", json={"name": f"Bag {CANARY}", "shape": "ring", "ink": "soft"}).json()["tag"]
        self.ids["tag_id"] = tag["id"]
        view = {"name": f"View {CANARY}", "scope": "everyone", "queue_id": None, "filter": {}, "sort": "newest"}
        self.ids["view_id"] = self.admin.post("/api/views", json=view).json()["views"][0]["id"]
        self.admin.put(f"/api/cases/{case}/tags", json={"tag_ids": [tag["id"]]})
        self.ids["notice_id"] = self._notice(int(self.ids["workspace_id"]), found[2])
        self.ids |= self._team()
        self.ids["stop_id"] = self._stop(int(self.ids["workspace_id"]))

    def _keeps(self, case: str) -> None:
        """What its people write before they say it."""
        for kind, more in (("public", {"in_reply_to": None}), ("direct", {}), ("note", {})):
            words = {"text": f"Half a sentence {CANARY}", "version": 0, **more}
            answer = self.admin.request("PUT", f"/api/cases/{case}/{kind}-draft", json=words)
            assert answer.status_code == 200, answer.text
        said = {"name": CANARY, "text": CANARY, "shared": True}
        answer = self.admin.post("/api/saved-replies", json={**said, "audience": "both"})
        assert answer.status_code == 200, answer.text
        self.ids["saved_reply_id"] = answer.json()["saved_reply"]["id"]
        macro = {**said, "lane": "note", "tags": [], "assign_to": None, "once_sent": None}
        answer = self.admin.post("/api/macros", json=macro)
        assert answer.status_code == 200, answer.text
        self.ids["macro_id"] = answer.json()["macro"]["id"]

    def _together(self, case: str) -> dict[str, str]:
        """A case is handed over, and has a number elsewhere."""
        brief = {"client_key": str(uuid.uuid4()), "assignee_id": self.ids["assignee_id"], "brief": CANARY}
        handed = self.admin.post(f"/api/cases/{case}/hand-over", json=brief)
        assert handed.status_code == 200, handed.text
        link = {"name": CANARY, "url": f"https://{CANARY}.example/{{ref}}"}
        template = self.admin.post("/api/link-templates", json=link).json()["template"]["id"]
        called = self.admin.post(f"/api/cases/{case}/references", json={"template_id": template, "value": CANARY})
        assert called.status_code == 200, called.text
        reference = called.json()["references"][0]["id"]
        promise = {"client_key": str(uuid.uuid4()), "due": in_a_week(), "about": CANARY}
        owed = self.admin.post(f"/api/cases/{case}/promises", json=promise)
        assert owed.status_code == 200, owed.text
        wish = self.admin.post(f"/api/cases/{case}/pledges", json={})
        assert wish.status_code == 200, wish.text
        return {
            "pledge_id": wish.json()["pledges"][0]["id"],
            "note_id": handed.json()["note"]["id"], "template_id": template, "reference_id": reference,
            "promise_id": owed.json()["promises"][0]["id"],
        }  # fmt: skip

    @staticmethod
    def _page(workspace_id: int) -> str:
        """Somebody who leads is paged."""
        with transaction(workspace_id) as tx:
            do_page(tx, workspace_id, "repair", About(subject="1"), by=CANARY)
            row = tx.one("SELECT id FROM pages")
        assert row is not None  # written above
        return str(row[0])

    def _team(self) -> dict[str, str]:
        """Somebody is invited, and the admin is rung."""
        asked = {"email": f"{CANARY}-{uuid.uuid4().hex}@example.com", "role": "agent"}
        invited = self.admin.post("/api/team/invitations", json=asked)
        assert invited.status_code == 201, invited.text
        device = {"endpoint": f"https://push.example/{uuid.uuid4().hex}", **KEYS, "device": CANARY}
        rung = self.admin.post("/api/me/devices", json=device)
        assert rung.status_code == 201, rung.text
        ids = {"invitation_id": invited.json()["invitation"]["id"], "device_id": rung.json()["devices"][0]["id"]}
        return {**ids, "member_id": self.ids["assignee_id"]}

    @staticmethod
    def _notice(workspace_id: int, member: int) -> str:
        """Somebody is told something."""
        with transaction(workspace_id) as tx:
            do_notice(tx, workspace_id, member, "mention", None, by=CANARY)
            row = tx.one("SELECT id FROM notices WHERE kind = 'mention'")
        assert row is not None  # written above
        return str(row[0])

    @staticmethod
    def _stop(workspace_id: int) -> str:
        """Publishing was stopped, and goes on by now."""
        with transaction(workspace_id) as tx:
            ask = stops.checked(tx, workspace_id, StopAsk(scope="workspace", reason=CANARY))
            stop = stops.do_stop(tx, workspace_id, By(0, CANARY), ask)
            return stops.do_lift(tx, workspace_id, By(0, CANARY), int(stop.id)).id

    def _picture(self) -> str:
        drawn = io.BytesIO()
        Image.new("RGB", (8, 8)).save(drawn, "PNG")
        to = f"/api/media?channel_id={self.ids['channel_id']}"
        answer = self.admin.post(to, files={"file": ("a.png", drawn.getvalue())})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["media_id"])


TENANT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


def rows_of(company: Company, owner_sql: OwnerSql) -> dict[str, str]:
    """A fingerprint of every row the company has, by table: what a look may not change."""
    return {
        table: str(owner_sql(
            f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
            f" FROM {table} t WHERE workspace_id = %s", (company.world.company.id,)
        )[0][0])
        for (table,) in owner_sql(TENANT_TABLES)
    }  # fmt: skip
