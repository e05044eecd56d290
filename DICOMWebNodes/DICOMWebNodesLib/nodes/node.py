"""A node: a DICOMweb server that a person configured."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import FrozenSet, Optional, Tuple

from ..errors import InvalidNode
from ..text import Text
from .field_values import (
    IDENTIFIER,
    LARGEST_DOCUMENT,
    PROFILE_NAME,
    UID,
    checked,
    checked_count,
    checked_flag,
    checked_identifier,
    checked_name,
    checked_page_size,
    checked_seconds,
    checked_text,
)
from .headers import checked_headers
from .service_type import ServiceType, Usage
from .tls import TLS
from .url import normalise_base_url, normalise_proxy_url, origin_of

ANY_TRANSFER_SYNTAX = "*"


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
            "name": checked_name(self.name),
            "url": normalise_base_url(self.url),
            "uid": checked_identifier(self.uid, "uid"),
            "retrieve_partner": self._checked_partner(),
            "headers": checked_headers(self.headers),
            "secret_headers": self._checked_secret_headers(),
            "connect_timeout": checked_seconds(self.connect_timeout, "connect_timeout"),
            "read_timeout": checked_seconds(self.read_timeout, "read_timeout"),
            "proxy": normalise_proxy_url(self.proxy) if self.proxy else "",
            "page_size": checked_page_size(self.page_size),
            "document_limit": checked_count(self.document_limit, "document_limit", LARGEST_DOCUMENT, Text("megabytes")),
        }
        for name, value in normalised.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "proxy_user", self._checked_proxy_user())
        if self.authentication:
            checked_identifier(self.authentication, "authentication")
        if self.profile:
            checked(PROFILE_NAME, self.profile, "profile", Text("small letters, digits and '-'"))
        if self.transfer_syntax != ANY_TRANSFER_SYNTAX:
            checked(UID, self.transfer_syntax, "transfer_syntax", Text("a UID, or '*' for as stored"))
        if not isinstance(self.tls, TLS):
            raise InvalidNode(Text("tls is {tls!r}, not TLS settings", tls=self.tls), field="tls")
        checked_flag(self.allow_plain_http_credential, "allow_plain_http_credential")

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
        user = checked_text(self.proxy_user, "proxy_user")
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
        partner = checked(IDENTIFIER, self.retrieve_partner, "retrieve_partner", Text("the uid of another node"))
        if self.service_type is not ServiceType.QIDO_RS:
            raise InvalidNode(
                Text("a node of type '{type}' has a retrieve partner", type=self.service_type.value),
                field="retrieve_partner",
                next_step="Only a QIDO-RS node has one: what it finds, another node retrieves.",
            )
        if partner == self.uid:
            raise InvalidNode("the node is its own retrieve partner", field="retrieve_partner")
        return partner
