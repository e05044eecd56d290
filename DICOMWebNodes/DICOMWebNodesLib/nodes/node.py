"""A node: a DICOMweb server that a person configured."""

from __future__ import annotations

import math
import os
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import FrozenSet, Optional, Tuple

from ..errors import InvalidNode
from ..text import Text
from .headers import checked_headers
from .url import normalise_base_url, normalise_proxy_url, origin_of

ANY_TRANSFER_SYNTAX = "*"
LONGEST_TIMEOUT = 86_400.0  # seconds
LARGEST_PAGE = 100_000  # rows
LONGEST_NAME = 200  # characters
LARGEST_DOCUMENT = 65_536  # megabytes
_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_UID = re.compile(r"(?=.{1,64}\Z)[0-9]+(\.[0-9]+)*")  # PS3.5 section 9.1


class Usage(Enum):
    """What a node is used for."""

    SEARCH = "search"
    RETRIEVE = "retrieve"
    STORE = "store"


class ServiceType(Enum):
    """The DICOMweb services that a node's URL offers (PS3.18 sections 9 and 10)."""

    DICOMWEB = "DICOMweb (all RESTful services)"
    QIDO_RS = "QIDO-RS"
    WADO_RS = "WADO-RS"
    WADO_URI = "WADO-URI"
    STOW_RS = "STOW-RS"

    @property
    def usage(self) -> FrozenSet[Usage]:
        return _USAGE[self]

    @classmethod
    def parse(cls, text: str) -> ServiceType:
        """From a value above or a short form in any case: "dicomweb", "qido", "wado-uri". Raises InvalidNode."""
        wanted = text.strip().lower().replace("_", "-")
        for service_type in cls:
            short = service_type.name.lower().replace("_", "-")
            if wanted in (service_type.value.lower(), short, short.replace("-rs", "")):
                return service_type
        raise InvalidNode(
            Text("'{text}' is not a service type", text=text),
            field="service_type",
            next_step=Text("Choose one of {names}.", names=", ".join(f"'{each.value}'" for each in cls)),
        )


_USAGE = {
    ServiceType.DICOMWEB: frozenset(Usage),
    ServiceType.QIDO_RS: frozenset({Usage.SEARCH}),
    ServiceType.WADO_RS: frozenset({Usage.RETRIEVE}),
    ServiceType.WADO_URI: frozenset({Usage.RETRIEVE}),
    ServiceType.STOW_RS: frozenset({Usage.STORE}),
}


@dataclass(frozen=True)
class TLS:
    """How the server proves who it is, and how we do. Files are PEM; "" is none; "~" is expanded."""

    verify: bool = True
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""  # "": the key is in the file of the certificate

    def __post_init__(self) -> None:
        if not isinstance(self.verify, bool):
            raise InvalidNode(Text("verify is {verify!r}, neither true nor false", verify=self.verify), field="verify")
        for name in ("ca_file", "client_certificate", "client_key"):
            path = _checked_text(getattr(self, name), name)
            object.__setattr__(self, name, os.path.expanduser(path))
        if self.client_key and not self.client_certificate:
            raise InvalidNode(
                Text("there is a client key, '{client_key}', and no client certificate", client_key=self.client_key),
                field="client_certificate",
                next_step="Give the certificate that belongs to the key.",
            )


@dataclass(frozen=True)
class Node:
    """One configured DICOMweb server, valid and normalised from construction on.

    Raises InvalidNode, InvalidURL or InvalidHeader, with ``field`` set. ``repr`` tells which node it is, and
    no header: their values may be secret.
    """

    name: str
    url: str  # as normalise_base_url returns it
    service_type: ServiceType = ServiceType.DICOMWEB
    uid: str = field(default_factory=lambda: uuid.uuid4().hex)
    retrieve_partner: str = ""  # uid of the node that retrieves what this QIDO-RS node finds
    headers: Tuple[Tuple[str, str], ...] = field(default=(), repr=False)  # sent to the node's origin only
    secret_headers: Tuple[str, ...] = ()  # names; their values are with the secrets
    authentication: str = ""  # uid of an authentication method
    allow_plain_http_credential: bool = False  # a person said yes to a credential without TLS
    connect_timeout: float = 10.0  # seconds
    read_timeout: float = 60.0  # seconds between two pieces of an answer
    tls: TLS = field(default_factory=TLS)
    proxy: str = ""  # http(s)://host:port; "": what the environment says
    proxy_user: str = ""  # its password is with the secrets, and told to this proxy only
    page_size: Optional[int] = None  # rows; None: the profile's
    document_limit: int = 256  # megabytes (2**20) that one document (JSON, XML, an image) of the server may have
    transfer_syntax: str = ANY_TRANSFER_SYNTAX  # UID, or "*": as the server stores it
    profile: str = ""  # name of a provider profile; "": recognised from the URL

    def __post_init__(self) -> None:
        normalised = {
            "name": _checked_name(self.name),
            "url": normalise_base_url(self.url),
            "uid": _checked(_IDENTIFIER, self.uid, "uid", Text("letters, digits, '.', '_' and '-'")),
            "retrieve_partner": self._checked_partner(),
            "headers": checked_headers(self.headers),
            "secret_headers": self._checked_secret_headers(),
            "connect_timeout": _checked_seconds(self.connect_timeout, "connect_timeout"),
            "read_timeout": _checked_seconds(self.read_timeout, "read_timeout"),
            "proxy": normalise_proxy_url(self.proxy) if self.proxy else "",
            "page_size": _checked_page_size(self.page_size),
            "document_limit": _checked_count(
                self.document_limit, "document_limit", LARGEST_DOCUMENT, Text("megabytes")
            ),
        }
        for name, value in normalised.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "proxy_user", self._checked_proxy_user())
        if self.authentication:
            _checked(_IDENTIFIER, self.authentication, "authentication", Text("letters, digits, '.', '_' and '-'"))
        if self.profile:
            _checked(_PROFILE_NAME, self.profile, "profile", Text("small letters, digits and '-'"))
        if self.transfer_syntax != ANY_TRANSFER_SYNTAX:
            _checked(_UID, self.transfer_syntax, "transfer_syntax", Text("a UID, or '*' for as stored"))
        if not isinstance(self.tls, TLS):
            raise InvalidNode(Text("tls is {tls!r}, not TLS settings", tls=self.tls), field="tls")
        if not isinstance(self.allow_plain_http_credential, bool):
            raise InvalidNode(
                Text(
                    "allow_plain_http_credential is {allow_plain_http_credential!r}, neither true nor false",
                    allow_plain_http_credential=self.allow_plain_http_credential,
                ),
                field="allow_plain_http_credential",
            )

    def __repr__(self) -> str:
        return f"Node({self.name!r}, {self.url!r}, {self.service_type.value!r}, uid={self.uid!r})"

    @property
    def usage(self) -> FrozenSet[Usage]:
        return self.service_type.usage

    def offers(self, usage: Usage) -> bool:
        return usage in self.usage

    @property
    def origin(self) -> str:
        """``scheme://host:port``: where headers and credentials of this node may go, and nowhere else."""
        return origin_of(self.url)

    def _checked_secret_headers(self) -> Tuple[str, ...]:
        if not isinstance(self.secret_headers, (list, tuple)):
            raise InvalidNode(
                Text("secret_headers is {secret_headers!r}, no list of names", secret_headers=self.secret_headers),
                field="secret_headers",
            )
        checked_headers((*self.headers, *((name, "") for name in self.secret_headers)))
        return tuple(self.secret_headers)

    def _checked_proxy_user(self) -> str:
        user = _checked_text(self.proxy_user, "proxy_user")
        if ":" in user:
            raise InvalidNode(
                Text("the user name '{user}' has a colon (RFC 7617 section 2)", user=user), field="proxy_user"
            )
        if user and not self.proxy:
            raise InvalidNode(
                "there is a user name for a proxy, and no proxy",
                field="proxy_user",
                next_step="Give the proxy's host and port: its password is told to no other one.",
            )
        return user

    def _checked_partner(self) -> str:
        if not isinstance(self.service_type, ServiceType):
            raise InvalidNode(
                Text("{service_type!r} is not a service type", service_type=self.service_type), field="service_type"
            )
        if not self.retrieve_partner:
            return ""
        partner = _checked(_IDENTIFIER, self.retrieve_partner, "retrieve_partner", Text("the uid of another node"))
        if self.service_type is not ServiceType.QIDO_RS:
            raise InvalidNode(
                Text("a node of type '{type}' has a retrieve partner", type=self.service_type.value),
                field="retrieve_partner",
                next_step="Only a QIDO-RS node has one: what it finds, another node retrieves.",
            )
        if partner == self.uid:
            raise InvalidNode("the node is its own retrieve partner", field="retrieve_partner")
        return partner


def _checked_text(value: str, field_name: str) -> str:
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


def _checked_name(value: str) -> str:
    name = _checked_text(" ".join(value.split()) if isinstance(value, str) else value, "name")
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise InvalidNode("a node needs a name", field="name", next_step="Give it one that tells you the server.")
    if len(name) > LONGEST_NAME:
        raise InvalidNode(
            Text("a name of {length} characters, more than {most}", length=len(name), most=LONGEST_NAME),
            field="name",
        )
    return name


def _checked(pattern: re.Pattern[str], value: str, field_name: str, holds: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidNode(
            Text("{field_name} is {value!r}", field_name=field_name, value=value),
            field=field_name,
            next_step=Text("It holds {holds}.", holds=holds),
        )
    return value


def _checked_seconds(value: float, field_name: str) -> float:
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


def _checked_page_size(value: Optional[int]) -> Optional[int]:
    return (
        None
        if value is None
        else _checked_count(value, "page_size", LARGEST_PAGE, Text("rows, or none for the provider's"))
    )


def _checked_count(value: int, field_name: str, most: int, unit: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidNode(
            Text("{field_name} is {value!r}", field_name=field_name, value=value),
            field=field_name,
            next_step=Text("Give a whole number from 1 to {most}: {unit}.", most=most, unit=unit),
        )
    return value
