"""How this program is known to an authorization server: what its administrator registered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Tuple, Type, TypeVar

from ..errors import InvalidAuthMethod
from ..text import Text
from .field_names import name_of

_VISIBLE = re.compile(r"[\x20-\x7e]*")  # VSCHAR, RFC 6749 appendix A.1
_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 section 3.3
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
_REDIRECT_HOSTS = ("127.0.0.1", "localhost")
_OURS = frozenset(
    {"client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "scope", "audience"}
    | {"state", "nonce", "code_challenge", "code_challenge_method", "request", "request_uri"}
)

Word = TypeVar("Word", bound=Enum)


class Grant(Enum):
    """How a token is obtained."""

    AUTHORIZATION_CODE = "authorization_code"  # a person, in the browser (RFC 6749 section 4.1, RFC 7636)
    CLIENT_CREDENTIALS = "client_credentials"  # this program itself (RFC 6749 section 4.4)
    DEVICE_CODE = "device_code"  # a person, in a browser elsewhere (RFC 8628)

    @property
    def needs_person(self) -> bool:
        return self is not Grant.CLIENT_CREDENTIALS

    @property
    def endpoints(self) -> Tuple[str, ...]:
        """What the provider must have for it."""
        first = {
            Grant.AUTHORIZATION_CODE: ("authorization_endpoint",),
            Grant.DEVICE_CODE: ("device_authorization_endpoint",),
        }
        return (*first.get(self, ()), "token_endpoint")


class ClientAuthentication(Enum):
    """token_endpoint_auth_method (RFC 7591 section 2): how the client secret is sent, if there is one."""

    NONE = "none"  # a public client
    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105
    CLIENT_SECRET_POST = "client_secret_post"  # noqa: S105


@dataclass(frozen=True)
class AuthRegistration:
    """The client as it is registered; its secret is with the secrets. Raises InvalidAuthMethod, with ``field`` set."""

    client_id: str
    grant: Grant = Grant.AUTHORIZATION_CODE
    token_endpoint_auth_method: ClientAuthentication = ClientAuthentication.NONE
    scope: str = ""  # separated by spaces
    audience: str = ""
    redirect_host: str = "127.0.0.1"  # or "localhost", where the provider compares exactly
    redirect_port: int = 0  # 0: any that is free (RFC 8252 section 7.3)
    redirect_path: str = "/callback"
    authorization_parameters: Tuple[Tuple[str, str], ...] = ()  # sent to the authorization endpoint as well

    def __post_init__(self) -> None:
        _check_kind(self.grant, Grant, "grant")
        _check_kind(self.token_endpoint_auth_method, ClientAuthentication, "token_endpoint_auth_method")
        for name in ("client_id", "audience"):
            value = getattr(self, name)
            if not isinstance(value, str) or not _VISIBLE.fullmatch(value.strip()):
                raise InvalidAuthMethod(
                    Text("the {field} {value!r} has a character that none has", field=name_of(name), value=value),
                    field=name,
                )
            object.__setattr__(self, name, value.strip())
        if not self.client_id:
            raise InvalidAuthMethod(
                "the client ID is missing",
                field="client_id",
                next_step="The provider's administrator gives it when this program is registered.",
            )
        object.__setattr__(self, "scope", " ".join(_checked_scope(self.scope)))
        self._check_redirect()
        object.__setattr__(self, "authorization_parameters", _checked_parameters(self.authorization_parameters))
        if self.grant is Grant.CLIENT_CREDENTIALS and not self.is_confidential:
            raise InvalidAuthMethod(
                "client credentials need a client secret",
                field="client_secret",
                next_step="Give it, or choose another grant.",
            )

    @property
    def is_confidential(self) -> bool:
        """Whether there is a client secret."""
        return self.token_endpoint_auth_method is not ClientAuthentication.NONE

    def _check_redirect(self) -> None:
        if self.redirect_host not in _REDIRECT_HOSTS:
            raise InvalidAuthMethod(
                Text("the redirect host is {redirect_host!r}", redirect_host=self.redirect_host),
                field="redirect_host",
                next_step=Text("Only this computer can be one: {names}.", names=", ".join(_REDIRECT_HOSTS)),
            )
        port = self.redirect_port
        if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
            raise InvalidAuthMethod(
                Text("the redirect port is {port!r}", port=port),
                field="redirect_port",
                next_step="Give a number up to 65535, or 0 for any that is free.",
            )
        if not isinstance(self.redirect_path, str) or not _PATH.fullmatch(self.redirect_path):
            raise InvalidAuthMethod(
                Text("the redirect path is {redirect_path!r}", redirect_path=self.redirect_path),
                field="redirect_path",
                next_step="Give a plain path like '/callback', as it is registered.",
            )


def _check_kind(value: object, kind: Type[Word], field: str) -> None:
    if not isinstance(value, kind):
        choices = ", ".join(str(each.value) for each in kind)
        raise InvalidAuthMethod(
            Text("the {field} is {value!r}", field=name_of(field), value=value),
            field=field,
            next_step=Text("Choose one of {choices}.", choices=choices),
        )


def _checked_scope(scope: str) -> Tuple[str, ...]:
    tokens = tuple(dict.fromkeys(scope.split())) if isinstance(scope, str) else ("",)
    for token in tokens:
        if not _SCOPE_TOKEN.fullmatch(token):
            raise InvalidAuthMethod(
                Text("the scope {scope!r} is not written well", scope=scope),
                field="scope",
                next_step="Separate scopes by spaces.",
            )
    return tokens


def _checked_parameters(items: Tuple[Tuple[str, str], ...]) -> Tuple[Tuple[str, str], ...]:
    checked = tuple((str(name).strip(), str(value)) for name, value in items)
    for name, _ in checked:
        if not name or name in _OURS:
            raise InvalidAuthMethod(
                Text("the authorization parameter '{name}' cannot be given", name=name),
                field="authorization_parameters",
                next_step="It is made for each sign-in, or has a field of its own.",
            )
    return checked
