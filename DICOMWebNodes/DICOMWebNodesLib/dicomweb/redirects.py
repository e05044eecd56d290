"""Redirects (RFC 9110 section 15.4): where a request may be sent on to, and why it is not sent elsewhere."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from ..errors import RedirectRefused
from ..nodes.url import origin_of
from ..text import Text

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirected(url: str, location: str, status: int) -> str:
    """The address to which an answer to ``url`` redirects. Raises RedirectRefused for none, and for one without TLS
    where ``url`` has it."""
    try:
        target = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(target)
        if there.scheme in ("http", "https"):
            origin_of(target)  # raises for a host or port that is none
    except ValueError:  # whose words may quote what is none of anybody's business
        raise RedirectRefused("the server redirects to an address that is none", status=status) from None
    if there.scheme not in ("http", "https") or (here.scheme == "https" and there.scheme == "http"):
        place = f"{there.scheme}://{there.hostname or ''}"
        raise RedirectRefused(
            Text("the server redirects to a place that is not safe ({place})", place=place), status=status
        )
    return target


def another_host(origin: str, status: int) -> RedirectRefused:
    """What is sent, not asked, stays at home."""
    return RedirectRefused(Text("the server redirects to another host ({origin})", origin=origin), status=status)


def in_a_circle(status: int) -> RedirectRefused:
    return RedirectRefused("the server redirects in a circle", status=status)


def unsigned(origin: str, status: int) -> RedirectRefused:
    """Another sign-in at this node would be no help: it does not go there."""
    return RedirectRefused(
        Text(
            "the server redirects to another host ({origin}), which answered {status}: "
            "this node's sign-in is not sent there",
            origin=origin,
            status=status,
        ),
        status=status,
        next_step="Add that host as a node of its own.",
    )
