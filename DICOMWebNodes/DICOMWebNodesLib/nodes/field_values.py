"""What the fields of a node may hold: each check returns the value normalised, or raises InvalidNode with ``field``."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Optional

from ..errors import InvalidNode
from ..text import Text

LONGEST_TIMEOUT = 86_400.0  # seconds
LARGEST_PAGE = 100_000  # rows
LONGEST_NAME = 200  # characters
LARGEST_DOCUMENT = 65_536  # megabytes
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
UID = re.compile(r"(?=.{1,64}\Z)[0-9]+(\.[0-9]+)*")  # PS3.5 section 9.1


def checked_text(value: str, field_name: str) -> str:
    if not isinstance(value, str):
        raise InvalidNode(
            Text("{field_name} is {value!r}, not text", field_name=field_name, value=value), field=field_name
        )
    value = value.strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise InvalidNode(
            Text("{field_name} {value!r} has a control character inside", field_name=field_name, value=value),
            field=field_name,
        )
    return value


def checked_name(value: str) -> str:
    name = checked_text(" ".join(value.split()) if isinstance(value, str) else value, "name")
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise InvalidNode("a node needs a name", field="name", next_step="Give it one that tells you the server.")
    if len(name) > LONGEST_NAME:
        raise InvalidNode(
            Text("a name of {length} characters, more than {most}", length=len(name), most=LONGEST_NAME),
            field="name",
        )
    return name


def checked(pattern: re.Pattern[str], value: str, field_name: str, holds: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidNode(
            Text("{field_name} is {value!r}", field_name=field_name, value=value),
            field=field_name,
            next_step=Text("It holds {holds}.", holds=holds),
        )
    return value


def checked_identifier(value: str, field_name: str) -> str:
    return checked(IDENTIFIER, value, field_name, Text("letters, digits, '.', '_' and '-'"))


def checked_flag(value: bool, field_name: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidNode(
            Text("{flag} is {value!r}, neither true nor false", flag=field_name, value=value),
            field=field_name,
        )
    return value


def checked_seconds(value: float, field_name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidNode(
            Text("{field_name} is {value!r}, not a number of seconds", field_name=field_name, value=value),
            field=field_name,
        )
    if not (math.isfinite(value) and 0 < value <= LONGEST_TIMEOUT):
        raise InvalidNode(
            Text("{field_name} is {value!r} seconds", field_name=field_name, value=value),
            field=field_name,
            next_step=Text("Give more than 0 and at most {most}.", most=f"{LONGEST_TIMEOUT:g}"),
        )
    return float(value)


def checked_page_size(value: Optional[int]) -> Optional[int]:
    return (
        None
        if value is None
        else checked_count(value, "page_size", LARGEST_PAGE, Text("rows, or none for the provider's"))
    )


def checked_count(value: int, field_name: str, most: int, unit: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidNode(
            Text("{field_name} is {value!r}", field_name=field_name, value=value),
            field=field_name,
            next_step=Text("Give a whole number from 1 to {most}: {unit}.", most=most, unit=unit),
        )
    return value
