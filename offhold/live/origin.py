"""Does a request come from our own pages. Pure.

A browser names where a request comes from; a page of somebody else's must neither read a stream nor steer one. The
cookie alone does not tell, however strict its SameSite is: another site on a sibling domain is the same site.
"""

from __future__ import annotations

from urllib.parse import urlsplit


def is_ours(*, host: str, origin: str | None, fetch_site: str | None, https: bool) -> bool:
    """May this read: what the browser says of the page, if it says anything, names us.

    Browsers leave Origin out when a page reads from its own server, and send Sec-Fetch-Site instead.
    """
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    return origin is None or names(origin, host=host, https=https)


def is_surely_ours(*, host: str, origin: str | None, fetch_site: str | None, https: bool) -> bool:
    """May this change something: the browser must say that it is our page."""
    return origin is not None and is_ours(host=host, origin=origin, fetch_site=fetch_site, https=https)


def names(origin: str, *, host: str, https: bool) -> bool:
    """Is `origin` (scheme://host[:port]) the server that the request reached as `host`."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == ("https" if https else "http") and parts.netloc == host and origin.count("/") == 2
