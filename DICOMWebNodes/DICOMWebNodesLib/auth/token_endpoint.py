"""Requests to the token endpoint (RFC 6749 section 3.2). oauthlib writes the bodies and reads the answers."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any, Callable, Mapping, Optional, Sequence
from urllib.parse import quote_plus, urlencode

import requests  # noqa: F401  # whole, before its parts: two threads that import them would miss each other
from requests.auth import AuthBase, HTTPBasicAuth

from ..errors import SignInFailed
from ..errors.server_words import excerpt
from ..text import Text
from .back_channel import Answer, BackChannel
from .packages import require_oauthlib
from .provider import AuthProvider
from .redaction import redacted
from .registration import AuthRegistration, ClientAuthentication
from .token import Token

_B64TOKEN = re.compile(r"[\x21-\x7e]+")  # what a header field can carry; RFC 6750 section 2.1 allows less


class ErrorResponse(Exception):
    """The authorization server said no (RFC 6749 section 5.2); stays inside this package.

    ``error`` is the code, ``description`` a sentence for people, of one line and without markup.
    """

    def __init__(self, error: str, description: str = "") -> None:
        self.error = excerpt(error, 80) or "unknown error"
        super().__init__(self.error)
        self.description = excerpt(description, 300)

    @property
    def words(self) -> str:
        """Both, for a message."""
        return f"{self.description.rstrip('.')} ({self.error})" if self.description else self.error

    def refused(self, provider: AuthProvider, asked: str) -> SignInFailed:
        denied = self.error == "access_denied"
        what = (
            Text("the access was denied at {provider}", provider=provider.title)
            if denied
            else Text("{provider} refused", provider=provider.title)
        )
        return SignInFailed(
            Text("{what}: {words}", what=what, words=self.words),
            asked=asked,
            next_step=_NEXT_STEPS.get(self.error) or "Check the authentication method against what is registered.",
        )


_NEXT_STEPS = {
    "invalid_client": Text("Check the client ID, the client secret and how the secret is sent."),
    "unauthorized_client": Text("Check the client secret, or ask the provider's administrator to allow this grant."),
    "invalid_scope": Text("Check the scope in the authentication method."),
    "invalid_grant": Text("Sign in again."),
    "access_denied": Text("Sign in again and allow the access, or ask for the right to it."),
    "unsupported_grant_type": Text("Choose another grant: this provider does not offer this one."),
}


class TokenEndpoint:
    """Asks one provider for tokens, as one registered client. Each method gives a new :class:`Token`.

    Raises ErrorResponse, SignInFailed for an answer that breaks the protocol, and what BackChannel raises.
    ``clock`` gives seconds since the epoch.
    """

    def __init__(
        self,
        provider: AuthProvider,
        registration: AuthRegistration,
        client_secret: str = "",
        *,
        back_channel: Optional[BackChannel] = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.provider = provider
        self.registration = registration
        self._client_secret = client_secret
        self._back_channel = back_channel or BackChannel(provider.ca_file)
        self._clock = clock
        self._oauth2 = require_oauthlib()

    def redeem_code(self, code: str, *, redirect_uri: str, code_verifier: str) -> Token:
        """RFC 6749 section 4.1.3, RFC 7636 section 4.5."""
        client = self._oauth2.WebApplicationClient(self.registration.client_id)
        body = client.prepare_request_body(
            code=code, redirect_uri=redirect_uri, code_verifier=code_verifier, **self._client_in_body()
        )
        asked = Text("redeem the authorization code")
        return self._ask(client, body, code, code_verifier, asked=asked, scope=self.registration.scope)

    def redeem_device_code(self, device_code: str, code_verifier: str = "") -> Token:
        """RFC 8628 section 3.4; ErrorResponse is authorization_pending or slow_down while the person is busy."""
        client = self._oauth2.DeviceClient(self.registration.client_id)
        proof = {"code_verifier": code_verifier} if code_verifier else {}
        body = client.prepare_request_body(device_code, **proof, **self._client_in_body())
        sent, asked = (device_code, code_verifier), Text("sign in with the device code")
        return self._ask(client, body, *sent, asked=asked, scope=self.registration.scope)

    def refresh(self, refresh_token: str) -> Token:
        """RFC 6749 section 6. A provider that sends no new refresh token lets the old one live on."""
        client = self._oauth2.WebApplicationClient(self.registration.client_id)
        in_body = self._client_in_body()
        if in_body.pop("include_client_id"):
            in_body["client_id"] = self.registration.client_id
        body = client.prepare_refresh_body(refresh_token=refresh_token, **in_body)
        token = self._ask(client, body, refresh_token, asked=Text("renew the token"))
        return token if token.refresh_token else replace(token, refresh_token=refresh_token)

    def client_credentials(self) -> Token:
        """RFC 6749 section 4.4.2."""
        client = self._oauth2.BackendApplicationClient(self.registration.client_id)
        wanted = {"scope": self.registration.scope, "audience": self.registration.audience}
        body = client.prepare_request_body(
            **{name: value for name, value in wanted.items() if value}, **self._client_in_body()
        )
        return self._ask(client, body, asked=Text("get a token for the client"))

    def jwt_bearer(self, assertion: str) -> Token:
        """RFC 7523 section 2.1: the assertion is a JWT that proves who asks."""
        client = self._oauth2.ServiceApplicationClient(self.registration.client_id)
        body = urlencode({"grant_type": client.grant_type, "assertion": assertion})
        return self._ask(client, body, assertion, asked=Text("get a token for the service account"))

    def post(self, url: str, form: str, *, asked: str) -> Answer:
        """To another endpoint of the provider that knows the client in the same way (RFC 7009, RFC 8628)."""
        return self._back_channel.post(url, form, asked=asked, auth=self._client_authentication())

    # --- who asks (RFC 6749 section 2.3) ----------------------------------------------------------------------------

    def client_parameters(self) -> Mapping[str, str]:
        """What names the client in a form, where :meth:`post` does not name it in the header."""
        method = self.registration.token_endpoint_auth_method
        if method is ClientAuthentication.CLIENT_SECRET_BASIC:
            return {}
        if method is ClientAuthentication.CLIENT_SECRET_POST:
            return {"client_id": self.registration.client_id, "client_secret": self._client_secret}
        return {"client_id": self.registration.client_id}

    def _client_in_body(self) -> dict[str, Any]:
        """The same in oauthlib's words."""
        parameters = dict(self.client_parameters())
        return {"include_client_id": parameters.pop("client_id", "") != "", **parameters}

    def _client_authentication(self) -> Optional[AuthBase]:
        if self.registration.token_endpoint_auth_method is not ClientAuthentication.CLIENT_SECRET_BASIC:
            return None
        # Section 2.3.1: both are form-encoded first, because a client ID may have a colon.
        return HTTPBasicAuth(quote_plus(self.registration.client_id), quote_plus(self._client_secret))

    # --- what comes back --------------------------------------------------------------------------------------------

    def _ask(self, client: Any, body: str, *secrets: str, asked: str, scope: str = "") -> Token:
        """``scope`` is what was asked for: a response without one grants just that (section 5.1)."""
        now = self._clock()  # before the request: better a second too early than one too late
        answer = self.post(self.provider.token_endpoint, body, asked=asked)
        fields = self._parsed(client, answer, asked, secrets)
        access_token = fields["access_token"]
        if not isinstance(access_token, str) or not _B64TOKEN.fullmatch(access_token):
            raise self._broken(Text("the access token has characters that no header can carry"), asked)
        if str(fields.get("token_type") or "bearer").lower() != "bearer":
            kind = excerpt(str(fields["token_type"]), 40)
            raise self._broken(
                Text("the token is of type '{kind}', and only bearer tokens are known here", kind=kind), asked
            )
        return Token(
            access_token=access_token,
            obtained_at=now,
            lifetime=_seconds(fields.get("expires_in")),
            refresh_token=_text(fields.get("refresh_token")),
            scope=" ".join(fields.get("scope") or ()) or scope,
            id_token=_text(fields.get("id_token")),
        )

    def _parsed(self, client: Any, answer: Answer, asked: str, secrets: Sequence[str]) -> Any:
        errors = self._oauth2
        try:
            # Without a scope: oauthlib raises a Warning when the provider grants another one than was asked.
            fields = client.parse_request_body_response(answer.body, scope=None)
        except errors.MissingTokenError as error:
            raise self._broken(Text("status {status} without an access token", status=answer.status), asked) from error
        except errors.OAuth2Error as error:
            raise self.error_response(error.error, error.description, *secrets) from None
        except Exception as error:  # whatever a body of the wrong shape makes of it; never shown, it may hold a token
            raise self._broken(
                Text("status {status}, and the body is not that of a token", status=answer.status), asked
            ) from error
        if answer.status != 200:
            raise self._broken(Text("status {status} with a token", status=answer.status), asked)
        return fields

    def error_response(self, error: object, description: object, *sent: str) -> ErrorResponse:
        """What the server said, without what it repeats of the client secret and of what else was ``sent``."""
        secrets = (*sent, self._client_secret)
        return ErrorResponse(redacted(str(error or ""), secrets), redacted(str(description or ""), secrets))

    def _broken(self, cause: str, asked: str) -> SignInFailed:
        return SignInFailed(
            Text("the answer of {provider} breaks the protocol: {cause}", provider=self.provider.title, cause=cause),
            asked=asked,
            next_step="Check the token endpoint in the authentication method.",
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: object) -> Optional[float]:
    """expires_in, which some providers send as text; None when it is missing or makes no sense."""
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None
