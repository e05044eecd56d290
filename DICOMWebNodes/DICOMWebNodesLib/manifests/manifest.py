"""What somebody else wants to be fetched: a manifest, a link, an address, read into values.

Nothing in it is trusted: addresses are normalised and shown, UIDs are checked, texts are for people only. What may be
a secret is in no ``repr``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Tuple

from ..dicomweb.resource import Resource
from ..dicomweb.wado_uri import Addressing
from ..nodes.headers import Headers
from ..nodes.service_type import ServiceType

_LONGEST_TEXT = 300  # characters of a text that is shown
_QUERY = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*")  # RFC 3986 section 3.4


@dataclass(frozen=True)
class Patient:
    """As the manifest calls the patient; either may be ""."""

    name: str = ""
    patient_id: str = ""


@dataclass(frozen=True)
class Part:
    """What comes from one server. ``url``: normalised base URL.

    ``matching``: attributes with values that have to be searched for, where the manifest names no UIDs;
    ``unidentified``: paths below ``url``, each with its query if any, of files that say themselves what they are.
    """

    url: str
    service_type: ServiceType
    patients: Tuple[Patient, ...] = ()
    resources: Tuple[Resource, ...] = ()
    matching: Tuple[Tuple[Tuple[str, str], ...], ...] = ()
    headers: Headers = field(default=(), repr=False)
    addressing: Addressing = field(default_factory=Addressing)
    unidentified: Tuple[str, ...] = field(default=(), repr=False)

    @property
    def has_secrets(self) -> bool:
        """Whether anything in it may open doors."""
        return bool(self.headers or self.addressing.parameters)

    @property
    def header_names(self) -> Tuple[str, ...]:
        return tuple(name for name, _ in self.headers)

    def counted(self) -> Tuple[int, int, int]:
        """How many studies, series and instances it names; of what is wanted as a whole nothing below is counted."""
        uids = [resource.uids for resource in self.resources]
        return (
            len({each[0] for each in uids}),
            len({each[:2] for each in uids if len(each) > 1}),
            sum(len(each) == 3 for each in uids) + len(self.unidentified),
        )


@dataclass(frozen=True)
class Manifest:
    """``remarks``: what a person should know: messages in it, and what of it is not obeyed."""

    parts: Tuple[Part, ...]
    remarks: Tuple[str, ...] = ()


def is_query(text: str) -> bool:
    return _QUERY.fullmatch(text) is not None


def shown_text(text: str) -> str:
    """A text of a stranger, for people: one line, not endless."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(line.split())[:_LONGEST_TEXT]
