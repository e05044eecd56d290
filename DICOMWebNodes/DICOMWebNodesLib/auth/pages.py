"""What the browser shows when it comes back. Nothing in it comes from anywhere else, and it runs nothing."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Mapping

from ..text import Text, translated

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem; }}</style>
</head>
<body><h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),  # the address has the authorization code in it
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


@dataclass(frozen=True)
class Pages:
    """In a person's language. ``words``: the texts of this library in another language, by their template."""

    words: Mapping[str, str] = field(default_factory=dict)

    def signed_in(self, account: str) -> bytes:
        done = Text("You can close this window and go back to 3D Slicer.")
        text = Text("You are signed in as {account}. {done}", account=account, done=done) if account else done
        return self._page(Text("Signed in"), text)

    def failed(self, cause: str) -> bytes:
        return self._page(Text("Not signed in"), Text("{cause}. You can close this window.", cause=cause))

    def not_found(self) -> bytes:
        return self._page(Text("Not found"), Text("This is not the answer to a sign-in."))

    def _page(self, title: Text, text: Text) -> bytes:
        language = Text("en")  # as HTML calls it (BCP 47); translated like the rest
        said = [translated(each, self.words.get) for each in (title, text, language)]
        return page(said[0], said[1][:1].upper() + said[1][1:], said[2])


ENGLISH = Pages()


def page(title: str, text: str, language: str = "en") -> bytes:
    """An HTML document in UTF-8; the arguments are plain text."""
    return _PAGE.format(title=html.escape(title), text=html.escape(text), language=html.escape(language)).encode()
