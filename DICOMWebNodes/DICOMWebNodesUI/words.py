"""Numbers, dates and names as people read them."""

from __future__ import annotations

import re
import unicodedata
from typing import Sequence

from slicer.i18n import tr as _

# What ends a line, or turns the direction of writing: no server decides that. And what the name of a file has instead
# of bytes that are no text: PythonQt takes it in no text, and a menu ends the application.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size(count: float) -> str:
    """Bytes: "512 bytes", "3.1 MB"."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count /= 1000
        unit += 1
    return f"{count:.0f} {_UNITS[unit]}" if unit == 0 or count >= 100 else f"{count:.1f} {_UNITS[unit]}"


def speed(bytes_per_second: float) -> str:
    return _("{size}/s").format(size=size(bytes_per_second)) if bytes_per_second > 0 else ""


def duration(seconds: float) -> str:
    """Rounded up: "5 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(1, int(seconds + 0.999))
    if whole < 60:
        return _("{s} s").format(s=whole)
    if whole < 3600:
        return _("{min} min {s} s").format(min=whole // 60, s=whole % 60)
    return _("{h} h {min} min").format(h=whole // 3600, min=whole % 3600 // 60)


def date(value: str) -> str:
    """A DICOM date (PS3.5 table 6.2-1, DA): "20240131" is "2024-01-31"; anything else stays as it is."""
    return f"{value[:4]}-{value[4:6]}-{value[6:]}" if len(value) == 8 and value.isdigit() else value


def person(value: str) -> str:
    """The first representation that there is of a DICOM person name: "DOE^JANE^M" is "DOE, JANE M"."""
    parts = [part.strip() for part in next(filter(None, value.split("=")), "").split("^")]
    family, others = parts[0], " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (family, others) if part)


def series(number: str, description: str) -> str:
    """ "401: T1", as Slicer calls it; by one of them where the other one is not known."""
    if number and description:
        return str(_("{number}: {description}").format(number=number, description=description))
    return description or str(_("Series {number}").format(number=number)).strip()


def sort_key(value: str) -> str:
    """For an order without regard to case and accents, in which "Äneas" is not behind "Zoe"."""
    if not value.isascii():
        value = "".join(sign for sign in unicodedata.normalize("NFKD", value) if not unicodedata.combining(sign))
    return value.casefold()


def sentence(text: str) -> str:
    """With a capital letter, for what stands by itself and not after a name and a colon; not of a URL."""
    return text if "://" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def full_sentence(text: str) -> str:
    """As :func:`sentence`, with a full stop: what the library says has none, and stands here beside what has one."""
    return sentence(text) + ("" if text.endswith((".", "!", "?", "…")) else ".")


def number(value: int) -> str:
    """With a thin space between thousands."""
    return f"{value:,}".replace(",", "\u2009")


def printable(value: str) -> str:
    """On one line, and read in the direction that its letters have."""
    return _UNPRINTABLE.sub(" ", value)


def in_lines(texts: Sequence[str], most: int = 10) -> str:
    """One a line; of very many the first ones, and how many there are more: a window has no room for five hundred."""
    more = len(texts) - most
    if more <= 1:
        return "\n".join(texts)
    return "\n".join([*texts[:most], _("and {n} more").format(n=number(more))])


def shortened(value: str, length: int) -> str:
    return value if len(value) <= length else f"{value[: length - 1].rstrip()}…"
