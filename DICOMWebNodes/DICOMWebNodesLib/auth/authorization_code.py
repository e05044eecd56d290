"""The authorization code grant for a desktop program (RFC 6749 section 4.1, RFC 7636, RFC 8252, RFC 9207, RFC 9700)."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Callable, Dict, Optional, Tuple
from urllib.parse import parse_qsl, urlencode

from ..errors import DICOMWebNodesError, SignInFailed, SignInTimedOut
from ..errors.server_words import excerpt
from ..text import Text
from .cancellation import Cancellation
from .id_token import account_of
from .loopback import RedirectListener
from .pages import ENGLISH, Pages
from .pkce import Randomness, random_token, s256_challenge
from .prompt import Prompt, Prompter
from .provider import AuthProvider
from .registration import AuthRegistration
from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint

TIMEOUT = 600.0  # seconds for a person to finish in the browser
_ASKED = Text("sign in")


@dataclass(frozen=True)
class AuthorizationRequest:
    """One question to the authorization endpoint; everything that makes it different from all others."""

    url: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)  # "" when the provider is no OpenID provider
    code_verifier: str = field(repr=False)

    @classmethod
    def make(
        cls, provider: AuthProvider, registration: AuthRegistration, redirect_uri: str, randomness: Randomness
    ) -> AuthorizationRequest:
        state, code_verifier = random_token(randomness), random_token(randomness)
        nonce = random_token(randomness) if provider.openid else ""
        parameters = {
            "response_type": "code",
            "client_id": registration.client_id,
            "redirect_uri": redirect_uri,
            "scope": requested_scope(provider, registration),
            "audience": registration.audience,
            "state": state,
            "nonce": nonce,
            "code_challenge": s256_challenge(code_verifier),
            "code_challenge_method": "S256",
            **dict(registration.authorization_parameters),
        }
        query = urlencode({name: value for name, value in parameters.items() if value})
        endpoint = provider.authorization_endpoint
        url = f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"  # it may have a query (section 3.1)
        return cls(url, redirect_uri, state, nonce, code_verifier)


@dataclass(frozen=True)
class AuthorizationResponse:
    """What came back with our state: a code, or an error (RFC 6749 sections 4.1.2 and 4.1.2.1)."""

    code: str = field(default="", repr=False)
    error: str = ""
    error_description: str = ""
    iss: Optional[str] = None

    def checked_code(self, provider: AuthProvider) -> str:
        """The code, when it comes from the provider that was asked. Raises SignInFailed."""
        self._check_issuer(provider)
        if self.error:
            raise ErrorResponse(self.error, self.error_description).refused(provider, _ASKED)
        if not self.code:
            raise SignInFailed(Text("{provider} sent neither a code nor an error", provider=provider.title))
        return self.code

    def _check_issuer(self, provider: AuthProvider) -> None:
        """RFC 9207 section 2.4: an answer of another provider is a mix-up, whatever it says."""
        if self.iss is None and not provider.iss_in_response:
            return
        if self.iss is None or (provider.issuer and self.iss != provider.issuer):
            told = (
                Text("the answer does not name its issuer, and {issuer} was asked", issuer=provider.issuer)
                if self.iss is None
                else Text(
                    "the answer names '{other}' as its issuer, and {issuer} was asked",
                    other=excerpt(self.iss, 200),
                    issuer=provider.issuer,
                )
            )
            raise SignInFailed(
                told,
                next_step="Somebody may have tampered with the sign-in. Start it again.",
            )


def read_response(query: str, state: str) -> Tuple[Optional[AuthorizationResponse], str]:
    """The answer in a callback's query, or None and why it is not the answer to the request with this ``state``."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        return None, "cannot be read"
    fields = dict(pairs)
    if len(fields) != len(pairs):  # RFC 6749 section 3.1
        return None, "gives a parameter twice"
    if not fields.get("state"):
        return None, "has no state"
    if not hmac.compare_digest(fields["state"].encode(), state.encode()):
        return None, "has the state of another sign-in"
    known = {name: fields[name] for name in ("code", "error", "error_description", "iss") if name in fields}
    return AuthorizationResponse(**known), ""


def requested_scope(provider: AuthProvider, registration: AuthRegistration) -> str:
    """The scope, with "openid" where there shall be an ID token (OpenID Connect Core section 3.1.2.1)."""
    tokens = registration.scope.split()
    return " ".join(tokens if not provider.openid or "openid" in tokens else ["openid", *tokens])


class AuthorizationCodeFlow:
    """Signs a person in with the browser on this computer. ``clock`` and ``timeout`` are in seconds."""

    def __init__(
        self,
        endpoint: TokenEndpoint,
        *,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        randomness: Randomness = secrets.token_bytes,
        pages: Pages = ENGLISH,
    ) -> None:
        self._pages = pages
        self._endpoint = endpoint
        self._timeout = timeout
        self._clock = clock
        self._now = now
        self._randomness = randomness
        self._refused: Dict[str, int] = {}

    def run(self, prompt: Prompter, cancellation: Cancellation) -> Token:
        """Calls ``prompt`` once with the URL to open, then waits for the person.

        Raises SignInFailed, SignInCancelled, SignInTimedOut and what the token endpoint raises.
        """
        provider, registration = self._endpoint.provider, self._endpoint.registration
        with RedirectListener(
            registration.redirect_host,
            registration.redirect_port,
            registration.redirect_path,
            clock=self._clock,
            pages=self._pages,
        ) as listener:
            request = AuthorizationRequest.make(provider, registration, listener.redirect_uri, self._randomness)
            prompt(Prompt(request.url))
            try:
                callback = listener.wait(
                    lambda query: self._accept(query, request), timeout=self._timeout, cancellation=cancellation
                )
            except SignInTimedOut as error:
                error.detail = self._account_of_refused()
                raise
            try:
                token = self._redeem(callback.accepted, request)
            except DICOMWebNodesError as error:
                callback.show(self._pages.failed(error.cause))
                raise
            except BaseException:
                callback.show(self._pages.failed(Text("something went wrong; 3D Slicer says what")))
                raise
            callback.show(self._pages.signed_in(token.account))
            return token

    def _accept(self, query: str, request: AuthorizationRequest) -> Optional[AuthorizationResponse]:
        response, refused_because = read_response(query, request.state)
        if response is None:
            self._refused[refused_because] = self._refused.get(refused_because, 0) + 1
        return response

    def _redeem(self, response: AuthorizationResponse, request: AuthorizationRequest) -> Token:
        provider = self._endpoint.provider
        code = response.checked_code(provider)
        try:
            token = self._endpoint.redeem_code(
                code, redirect_uri=request.redirect_uri, code_verifier=request.code_verifier
            )
        except ErrorResponse as error:
            raise error.refused(provider, _ASKED) from None
        return with_account(token, self._endpoint, nonce=request.nonce, now=self._now())

    def _account_of_refused(self) -> str:
        """What else knocked, for whoever wonders why the sign-in did not end."""
        return "\n".join(f"refused {times} time(s): a callback that {why}" for why, times in self._refused.items())


def with_account(token: Token, endpoint: TokenEndpoint, *, nonce: str, now: float) -> Token:
    """``token`` with the name in its ID token, whose claims are checked. Raises SignInFailed."""
    provider = endpoint.provider
    if not provider.openid:
        return token
    client_id = endpoint.registration.client_id
    account = account_of(token.id_token, issuer=provider.issuer, client_id=client_id, nonce=nonce, now=now)
    return replace(token, account=account)
