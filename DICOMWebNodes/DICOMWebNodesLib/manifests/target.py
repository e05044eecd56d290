"""Which node a part of a manifest is fetched from, and with whose sign-in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, Iterable, Tuple
from urllib.parse import urlsplit

from ..auth.plain_http import is_exposed
from ..errors import PlainHTTPRefused
from ..nodes.field_values import LONGEST_NAME
from ..nodes.node import Node
from ..nodes.service_type import ServiceType, Usage
from ..text import Text
from .manifest import Part


@dataclass(frozen=True)
class Target:
    """``node``: one of the person's own when ``is_known``, else one that is only for this part.

    What the manifest says of signing in is in the node's headers, and so goes to this node's origin only.
    """

    part: Part
    node: Node
    is_known: bool
    remarks: Tuple[str, ...] = ()

    @property
    def exposes_secrets(self) -> bool:
        """Whether others could read what the manifest brings for signing in."""
        return is_exposed(self.node.url) and self.part.has_secrets

    @property
    def is_ordinary(self) -> bool:
        """Whether nothing but the node's own settings is needed to retrieve it."""
        return not self.part.has_secrets and self.part.service_type is not ServiceType.WADO_URI

    def allowed(self, plain_http: bool) -> Target:
        """With a person's word that its secrets may travel without TLS."""
        node = (
            replace(self.node, allow_plain_http_credential=True) if plain_http and self.part.has_secrets else self.node
        )
        return replace(self, node=node)

    def check_plain_http(self, allowed: bool) -> None:
        """Raises PlainHTTPRefused when it would expose secrets and nobody said yes."""
        if self.exposes_secrets and not allowed:
            raise PlainHTTPRefused(
                Text(
                    "its sign-in for {url} would travel over plain http: everybody on the way could read it",
                    url=self.node.url,
                ),
                next_step="Ask for a manifest with https, or allow it for this time.",
            )


def target_of(part: Part, nodes: Iterable[Node]) -> Target:
    """The first node with this very URL that can retrieve in the way that is asked for, else a new one."""
    for node in nodes:
        if node.url == part.url and _serves(node, part):
            return _with_known(part, node)
    host = urlsplit(part.url).netloc
    name = host[:LONGEST_NAME]
    exposed = Text(
        "{host} is asked over plain http: what comes from there can be read and changed on the way.", host=host
    )
    remarks = (exposed,) if is_exposed(part.url) else ()
    return Target(part, Node(name, part.url, part.service_type, headers=part.headers), False, remarks)


def _serves(node: Node, part: Part) -> bool:
    is_uri = node.service_type is ServiceType.WADO_URI
    return node.offers(Usage.RETRIEVE) and is_uri == (part.service_type is ServiceType.WADO_URI)


def _with_known(part: Part, node: Node) -> Target:
    if not part.headers:
        return Target(part, node, True)
    if node.authentication or node.secret_headers:
        return Target(
            part, node, True, (Text("Its own sign-in is not used: the node “{node}” has one.", node=node.name),)
        )
    given = {name.lower() for name, _ in part.headers}
    kept = tuple((name, value) for name, value in node.headers if name.lower() not in given)
    return Target(part, replace(node, headers=(*kept, *part.headers)), True)


def described(target: Target) -> Dict[str, Any]:
    """For the person who decides, as JSON values: nothing secret."""
    part = target.part
    studies, series, instances = part.counted()
    return {
        "url": target.node.url,
        "host": urlsplit(target.node.url).netloc,
        "service_type": target.node.service_type.value,
        "node": target.node.name if target.is_known else "",
        "is_known": target.is_known,
        "patients": [[patient.name, patient.patient_id] for patient in part.patients],
        "studies": studies,
        "series": series,
        "instances": instances,
        "searched": [", ".join(f"{name} {value}" for name, value in each) for each in part.matching],
        "header_names": list(part.header_names),
        "exposes_secrets": target.exposes_secrets,
    }
