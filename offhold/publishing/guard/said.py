"""What the guard is given: the words, and what is known around them. Pure."""

from __future__ import annotations

import msgspec

from offhold.connectors.contract import Audience


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that would go out; `alt` is what somebody who cannot see it is told."""

    alt: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody means to say. `lang`: what the composer was set to (BCP 47), where it was set.

    `written_as` is the audience under which the words were first typed.
    """

    text: str
    audience: Audience
    written_as: Audience
    lang: str | None = None
    pictures: tuple[Picture, ...] = ()


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What is known around a reply. Everything may be missing; what is missing stops nothing.

    - `case_codes`: booking, order and ticket codes of this case's private messages (`codes.learn_codes`)
    - `private_words`: the customer's own private messages in this case, newest last
    - `last_public`: the last public message before this reply, whoever wrote it
    - `colleagues`: full legal names of the people who work here
    - `earlier_elsewhere`: our earlier public answers to *other* customers, newest last
    - `allowed_hosts`: hosts we link to; a subdomain of one is one. Empty: no list is kept, and links are not judged
    - `page_hosts`, `page_paths`: where customers' pages live (`care.example.com`, `/c/`): links there are secret
    - `goodwill`: whether a credit, refund, replacement or voucher was given in this case
    - `own_handles`: our accounts, with or without @
    - `own_contacts`: our telephone numbers and e-mail addresses (`own.learn_contacts` reads them off earlier answers)
    """

    customer_name: str | None = None
    customer_handles: tuple[str, ...] = ()
    customer_lang: str | None = None
    case_codes: tuple[str, ...] = ()
    private_words: tuple[str, ...] = ()
    last_public: str | None = None
    colleagues: tuple[str, ...] = ()
    earlier_elsewhere: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    page_hosts: tuple[str, ...] = ()
    page_paths: tuple[str, ...] = ()
    goodwill: bool = False
    own_handles: tuple[str, ...] = ()
    own_contacts: tuple[str, ...] = ()
