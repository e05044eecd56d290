"""An authentication method: one way to get at a credential, which any number of nodes may use."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Callable, Mapping, Optional, Tuple

from ..errors import InvalidAuthMethod, InvalidHeader
from ..nodes.headers import checked_headers
from ..text import Text
from .field_names import name_of
from .provider import AuthProvider
from .registration import AuthRegistration

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_NAME = 200  # characters


class Kind(Enum):
    """What a method ends in."""

    OAUTH2 = "oauth2"  # a bearer token that is asked for and renewed (RFC 6749)
    BASIC = "basic"  # user name and password (RFC 7617)
    BEARER = "bearer"  # a token that somebody else obtained (RFC 6750)
    API_KEY = "api-key"  # a header field
    AWS_SIGV4 = "aws-sigv4"  # signed requests, with the credentials of AWS's own tools
    GOOGLE = "google"  # the credentials of Google's own tools

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What it needs to know, by name."""
        return _SETTINGS.get(self, {})

    @property
    def secret(self) -> str:
        """What the secret is called that a person gives; "" when there is none."""
        return _SECRETS.get(self, "")


@dataclass(frozen=True)
class Setting:
    """One thing to know: its default, and the reason why a value is refused ("" when it is right)."""

    default: str = ""
    problem: Callable[[str], str] = lambda value: ""


@dataclass(frozen=True)
class AuthMethod:
    """A way to a credential, without its secrets. Raises InvalidAuthMethod, with ``field`` set.

    Kind OAUTH2 has a provider and a registration, the others ``settings``: pairs of name and value, of which those
    that are not given get their default.
    """

    name: str
    kind: Kind
    uid: str = field(default_factory=lambda: uuid.uuid4().hex)
    provider: Optional[AuthProvider] = None
    registration: Optional[AuthRegistration] = None
    settings: Tuple[Tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.kind, Kind):
            raise InvalidAuthMethod(Text("the kind is {kind!r}", kind=self.kind), field="kind")
        object.__setattr__(self, "name", _checked_name(self.name))
        if not isinstance(self.uid, str) or not _IDENTIFIER.fullmatch(self.uid):
            raise InvalidAuthMethod(Text("the uid is {uid!r}", uid=self.uid), field="uid")
        self._check_parts()
        object.__setattr__(self, "settings", self._checked_settings())

    def setting(self, name: str) -> str:
        return dict(self.settings)[name]

    @property
    def has_secret(self) -> bool:
        """Whether a person has to give a secret: password, token, key or client secret."""
        if self.registration is not None:
            return self.registration.is_confidential
        return bool(self.kind.secret)

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to sign in before there is a credential."""
        return self.registration is not None and self.registration.grant.needs_person

    def _check_parts(self) -> None:
        is_oauth = self.kind is Kind.OAUTH2
        for name, kind in (("provider", AuthProvider), ("registration", AuthRegistration)):
            value = getattr(self, name)
            if is_oauth and not isinstance(value, kind):
                raise InvalidAuthMethod(Text("the {field} is missing", field=name_of(name)), field=name)
            if not is_oauth and value is not None:
                raise InvalidAuthMethod(
                    Text("a method of kind '{kind}' has no {field}", kind=self.kind.value, field=name_of(name)),
                    field=name,
                )
        if self.provider is None or self.registration is None:
            return
        missing = self.provider.lacks(*self.registration.grant.endpoints)
        if missing and not self.provider.issuer:
            raise InvalidAuthMethod(
                Text("the {field} is missing", field=name_of(missing[0])),
                field=missing[0],
                next_step="Give it, or the issuer, from which it can be discovered.",
            )
        if self.provider.openid and not self.provider.issuer:
            raise InvalidAuthMethod(
                "an OpenID provider needs an issuer, or its ID token cannot be checked",
                field="issuer",
                next_step="Give the issuer.",
            )

    def _checked_settings(self) -> Tuple[Tuple[str, str], ...]:
        given = dict(self.settings)
        unknown = sorted(set(given) - set(self.kind.settings))
        if unknown:
            raise InvalidAuthMethod(
                Text("a method of kind '{kind}' has no '{name}'", kind=self.kind.value, name=unknown[0]),
                field=unknown[0],
            )
        checked = []
        for name, setting in self.kind.settings.items():
            value = given.get(name, setting.default)
            problem = setting.problem(value) if isinstance(value, str) else Text("{value!r} is not text", value=value)
            if problem:
                raise InvalidAuthMethod(problem, field=name)
            checked.append((name, value))
        return tuple(checked)


def _checked_name(value: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else ""
    if not name or not name.isprintable():
        raise InvalidAuthMethod("an authentication method needs a name", field="name", next_step="Give it one.")
    if len(name) > _LONGEST_NAME:
        raise InvalidAuthMethod(
            Text("a name of {length} characters, more than {most}", length=len(name), most=_LONGEST_NAME),
            field="name",
        )
    return name


# --- what the kinds other than OAuth 2.0 need to know ---------------------------------------------------------------


def _user_name(value: str) -> str:
    if not value:
        return Text("the user name is missing")
    if ":" in value or not value.isprintable():  # RFC 7617 section 2
        return Text(
            "the user name {value!r} has a colon or a control character, which Basic authentication cannot carry",
            value=value,
        )
    return ""


def _header(value: str) -> str:
    try:
        checked_headers([(value, "")])
    except InvalidHeader as error:
        return error.cause
    return ""


def _matching(pattern: str, what: str, example: str) -> Callable[[str], str]:
    def problem(value: str) -> str:
        if re.fullmatch(pattern, value):
            return ""
        return (
            Text(
                "the {field} {value!r} is not one; it looks like '{example}'", field=what, value=value, example=example
            )
            if value
            else Text("the {field} is missing", field=what)
        )

    return problem


def _one_of(what: str, *choices: str) -> Callable[[str], str]:
    return lambda value: (
        ""
        if value in choices
        else Text("the {field} is {value!r}, not one of {names}", field=what, value=value, names=", ".join(choices))
    )


# The second one is for choosing a project from a list.
_GOOGLE_SCOPE = (
    "https://www.googleapis.com/auth/cloud-healthcare https://www.googleapis.com/auth/cloudplatformprojects.readonly"
)

_SECRETS = {
    Kind.OAUTH2: Text("client secret"),
    Kind.BASIC: Text("password"),
    Kind.BEARER: Text("token"),
    Kind.API_KEY: Text("key"),
}

_SETTINGS: Mapping[Kind, Mapping[str, Setting]] = {
    Kind.BASIC: {"user_name": Setting(problem=_user_name)},
    Kind.API_KEY: {"header": Setting("X-API-Key", _header)},
    Kind.AWS_SIGV4: {
        "region": Setting(problem=_matching(r"[a-z]{2,}(-[a-z0-9]+)+", Text("region"), "us-east-1")),
        "service": Setting("medical-imaging", _matching(r"[a-z0-9-]+", Text("service"), "medical-imaging")),
        "profile": Setting(),  # of AWS's files; "": AWS_PROFILE, else "default"
        "payload": Setting("signed", _one_of(Text("payload"), "signed", "unsigned")),
    },
    Kind.GOOGLE: {
        "source": Setting("application-default", _one_of("source", "application-default", "gcloud")),
        "file": Setting(),  # "": GOOGLE_APPLICATION_CREDENTIALS, else where gcloud puts it
        "scope": Setting(_GOOGLE_SCOPE),
    },
}
