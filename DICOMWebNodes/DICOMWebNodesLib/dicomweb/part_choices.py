"""What the parts of a provider's URL can be, as the provider lists it for whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, ContextManager, Iterator, Mapping
from urllib.parse import quote, urlsplit

from ..errors import Forbidden, InvalidNode, LimitExceeded, MalformedJSON, NotFound
from ..errors.server_words import excerpt
from ..text import Text, sentence
from .session import Session
from .url_form import ChoiceList, Part, URLForm

MOST = 20_000  # choices of one part; nobody reads more
_PAGE_LIMIT = 8 * 1024 * 1024  # bytes

Connect = Callable[[str], ContextManager[Session]]
"""Lends a session for requests to that origin, signed."""


@dataclass(frozen=True)
class Choice:
    """One value of a part. ``title`` is what people call it, "" when that is no other."""

    value: str
    title: str = ""


def choices_of(form: URLForm, name: str, values: Mapping[str, str], connect: Connect) -> Iterator[Choice]:
    """What the part ``name`` can be, given ``values`` of the parts that it depends on; page after page, each once.

    Values that the form would not take are passed over. Raises InvalidNode (``field`` is a part's name) for a part
    without choices and for values that are missing or wrong, LimitExceeded, and what a request raises.
    """
    part = form.part(name)
    offered = part.choices
    if offered is None:
        raise InvalidNode(
            Text("nobody lists what {label} can be", label=sentence(part.label)), field=name, next_step="Type it."
        )
    url = offered.url_from({each: form.part(each).checked(values.get(each, "")) for each in offered.needs})
    seen = set()
    try:
        with connect(f"https://{urlsplit(url).netloc}") as session:
            for page in _pages(session, url, asked=Text("list what {label} can be", label=sentence(part.label))):
                for choice in _choices_in(page, offered, part):
                    if choice.value not in seen:
                        seen.add(choice.value)
                        yield choice
                if len(seen) > MOST:
                    raise LimitExceeded(Text("more than {most:,} choices", most=MOST), next_step=_type_it(part))
    except (Forbidden, NotFound) as error:
        error.next_step = Text("{instead} Or ask for the right to list them.", instead=_type_it(part))
        raise


def _pages(session: Session, url: str, asked: str) -> Iterator[Mapping[str, Any]]:
    """The pages of a list method (AIP-158): each but the last names the next."""
    parts = urlsplit(url)
    token, seen = "", set()
    while token not in seen:
        seen.add(token)
        query = f"{parts.query}&pageToken={quote(token, safe='')}" if token else parts.query
        with session.request("GET", parts.path[1:], query=query, accept="application/json", asked=asked) as response:
            page = response.json(_PAGE_LIMIT)
        if not isinstance(page, dict):
            raise MalformedJSON("the answer is not a JSON object", node=session.node.name, asked=asked)
        yield page
        token = page.get("nextPageToken") or ""
        if not isinstance(token, str):
            raise MalformedJSON("the token of the next page is not text", node=session.node.name, asked=asked)


def _choices_in(page: Mapping[str, Any], offered: ChoiceList, part: Part) -> Iterator[Choice]:
    items = page.get(offered.items)
    for item in items if isinstance(items, list) else ():
        value = item.get(offered.value) if isinstance(item, dict) else None
        value = value.rpartition("/")[2] if isinstance(value, str) else ""
        if value and part.problem(value) is None:
            title = excerpt(str(item.get(offered.title) or ""), 100) if offered.title else ""
            yield Choice(value, title if title != value else "")


def _type_it(part: Part) -> str:
    return Text("Type it instead ({label}): it is in the provider's console.", label=sentence(part.label))
