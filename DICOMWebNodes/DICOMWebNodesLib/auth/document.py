"""The JSON document that holds authentication methods, without their secrets: it can be copied to another computer.

::

    {"format": "DICOMWebNodes authentication", "version": 1, "methods": [{"uid": ..., "name": ..., "kind": ...}]}

What a newer version adds (fields at the top, in a method, its provider or registration; kinds) is carried along.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from typing import Any, Dict, Mapping, Optional, Tuple, Type, TypeVar

from ..errors import InvalidAuthMethod, InvalidValue
from ..storage.settings_file import Envelope, format_envelope, parse_envelope
from ..text import Text
from .field_names import name_of
from .method import AuthMethod, Kind
from .provider import AuthProvider
from .registration import AuthRegistration, ClientAuthentication, Grant

FORMAT = "DICOMWebNodes authentication"
MEMBER = "methods"
_PARTS: Mapping[str, type] = {"provider": AuthProvider, "registration": AuthRegistration}

Part = TypeVar("Part")
Word = TypeVar("Word", bound=Enum)


@dataclass(frozen=True)
class Entry:
    """One element of "methods": a method with the JSON it came from, or the reason why it is none."""

    method: Optional[AuthMethod]
    raw: Any = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Document:
    """The file of the authentication methods, with what a newer version has written into it."""

    entries: Tuple[Entry, ...] = ()
    version: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)


def parse_document(content: bytes) -> Document:
    """Raises NodeStoreError when it is damaged or something else."""
    envelope = parse_envelope(content, FORMAT, MEMBER)
    return Document(tuple(_entry(raw) for raw in envelope.items), envelope.version, envelope.extra)


def format_document(document: Document) -> bytes:
    items = (
        _merged(entry.raw, method_to_json(entry.method)) if entry.method else entry.raw for entry in document.entries
    )
    return format_envelope(Envelope(tuple(items), document.version, document.extra), FORMAT, MEMBER)


def method_to_json(method: AuthMethod) -> Dict[str, Any]:
    """What says something: fields that are not the default."""
    parts = {name: _part_to_json(getattr(method, name)) for name in _PARTS if getattr(method, name) is not None}
    settings = {"settings": dict(method.settings)} if method.settings else {}
    return {"uid": method.uid, "name": method.name, "kind": method.kind.value, **parts, **settings}


def method_from_json(raw: Any) -> AuthMethod:
    """Fields that this version does not know are passed over. Raises InvalidAuthMethod."""
    if not isinstance(raw, dict):
        raise InvalidAuthMethod("an authentication method is a JSON object")
    parts: Dict[str, Any] = {
        name: part_from_json(kind, raw[name], name) for name, kind in _PARTS.items() if name in raw
    }
    settings = _typed(raw.get("settings", {}), dict, "settings")
    return AuthMethod(
        name=_typed(raw.get("name"), str, "name"),
        kind=word(Kind, raw.get("kind"), "kind"),
        uid=_typed(raw.get("uid"), str, "uid"),
        settings=tuple(settings.items()),
        **parts,
    )


def part_from_json(kind: Type[Part], raw: Any, name: str) -> Part:
    """A provider or registration from its JSON object. Raises InvalidAuthMethod."""
    known = {each: _typed(raw, dict, name)[each] for each in _defaults(kind) if each in raw}
    if kind is AuthRegistration:
        words: Mapping[str, Type[Enum]] = {"grant": Grant, "token_endpoint_auth_method": ClientAuthentication}
        known.update({each: word(words[each], known[each], each) for each in words if each in known})
        known["authorization_parameters"] = tuple(
            _typed(known.get("authorization_parameters", {}), dict, "authorization_parameters").items()
        )
        known.setdefault("client_id", "")
    return kind(**known)


def word(kind: Type[Word], value: Any, name: str) -> Word:
    """The member with that value. Raises InvalidAuthMethod."""
    try:
        return kind(value)
    except ValueError:
        choices = ", ".join(str(each.value) for each in kind)
        raise InvalidAuthMethod(
            Text("the {field} is {value!r}", field=name_of(name), value=value),
            field=name,
            next_step=Text("Choose one of {choices}.", choices=choices),
        ) from None


def _part_to_json(part: Any) -> Dict[str, Any]:
    written = {}
    for name, default in _defaults(type(part)).items():
        value = getattr(part, name)
        if value != default:
            written[name] = (
                value.value if isinstance(value, Enum) else dict(value) if isinstance(value, tuple) else value
            )
    return written


def _defaults(kind: type) -> Mapping[str, Any]:
    return {each.name: None if each.default is MISSING else each.default for each in fields(kind)}


def _typed(value: Any, kind: type, name: str) -> Any:
    if not isinstance(value, kind):
        raise InvalidAuthMethod(
            Text("the {field} is {value!r}", field=name_of(name), value=value)
            if value is not None
            else Text("the {field} is missing", field=name_of(name)),
            field=name,
        )
    return value


def _entry(raw: Any) -> Entry:
    try:
        return Entry(method_from_json(raw), raw)
    except InvalidValue as error:
        return Entry(None, raw, error.cause)


def _merged(old: Mapping[str, Any], new: Dict[str, Any]) -> Dict[str, Any]:
    """``new`` with what ``old`` has beyond the fields of this version."""
    for name, kind in _PARTS.items():
        if name in new and isinstance(old.get(name), dict):
            beyond = {key: value for key, value in old[name].items() if key not in _defaults(kind)}
            new[name] = {**new[name], **beyond}
    known = {"uid", "name", "kind", "settings", *_PARTS}
    return {**new, **{key: value for key, value in old.items() if key not in known}}
