"""From an authentication method and its secret to the credential that signs."""

from __future__ import annotations

import os
import time
from typing import Callable, List, Mapping

from ..errors import SecretUnavailable
from ..text import Text
from .aws_credentials import AwsCredentialChain
from .back_channel import BackChannel
from .client_credentials import client_token
from .credentials import BasicAuth, BearerAuth, Credential, HeaderAuth
from .discovery import Discovery
from .google_credentials import ApplicationDefault, credentials_file, gcloud_token
from .method import AuthMethod, Kind
from .oauth_credential import OAuthCredential
from .packages import check_oauthlib, needs_oauthlib
from .registration import Grant
from .sigv4 import SigV4Auth
from .token_endpoint import TokenEndpoint
from .token_source import AskedSource, SignedInSource
from .token_store import TokenStore

MakeBackChannel = Callable[[AuthMethod], BackChannel]
"""The way to the provider of a method."""


def direct(method: AuthMethod) -> BackChannel:
    """By the environment's proxy, if it names one."""
    return BackChannel(method.provider.ca_file if method.provider is not None else "")


class Signers:
    """Makes credentials. ``clock`` gives seconds since the epoch; ``environ`` is where other tools' settings are."""

    def __init__(
        self,
        tokens: TokenStore,
        *,
        discovery: Discovery,
        back_channel: MakeBackChannel = direct,
        clock: Callable[[], float] = time.time,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._tokens = tokens
        self._discovery = discovery
        self._back_channel = back_channel
        self._clock = clock
        self._environ = environ

    def endpoint(self, method: AuthMethod, client_secret: str) -> TokenEndpoint:
        """The token endpoint of an OAuth method, its provider completed by discovery.

        Raises what discovery raises, and PackageMissing without oauthlib.
        """
        assert method.provider is not None
        assert method.registration is not None
        back_channel = self._back_channel(method)
        endpoints = method.registration.grant.endpoints
        provider = self._discovery.complete(method.provider, *endpoints, back_channel=back_channel)
        return TokenEndpoint(
            provider,
            method.registration,
            client_secret,
            back_channel=back_channel,
            clock=self._clock,
        )

    def make(self, method: AuthMethod, secret: str) -> Credential:
        """Asks nobody anything yet. Raises SecretUnavailable when ``secret`` is "" and the method has one, and
        PackageMissing: now rather than in the middle of a transfer.
        """
        if method.has_secret and not secret:
            raise missing_secret(method)
        if needs_oauthlib(method):
            check_oauthlib()
        if method.kind is Kind.OAUTH2:
            return self._oauth(method, secret)
        if method.kind is Kind.BASIC:
            return BasicAuth(method.setting("user_name"), secret)
        if method.kind is Kind.BEARER:
            return BearerAuth(secret)
        if method.kind is Kind.API_KEY:
            return HeaderAuth({method.setting("header"): secret})
        if method.kind is Kind.AWS_SIGV4:
            return self._sigv4(method)
        return self._google(method)

    def _oauth(self, method: AuthMethod, secret: str) -> Credential:
        assert method.registration is not None
        endpoint = _once(lambda: self.endpoint(method, secret))
        if method.registration.grant is Grant.CLIENT_CREDENTIALS:
            return OAuthCredential(AskedSource(lambda: client_token(endpoint()), self._clock), secret)
        source = SignedInSource(method.uid, method.name, self._tokens, endpoint, self._clock)
        return OAuthCredential(source, secret)

    def _sigv4(self, method: AuthMethod) -> Credential:
        return SigV4Auth(
            AwsCredentialChain(method.setting("profile"), environ=self._environ, clock=self._clock),
            method.setting("region"),
            method.setting("service"),
            sign_payload=method.setting("payload") == "signed",
            clock=self._clock,
        )

    def _google(self, method: AuthMethod) -> Credential:
        if method.setting("source") == "gcloud":
            return OAuthCredential(AskedSource(lambda: gcloud_token(clock=self._clock), self._clock))
        ask = ApplicationDefault(
            credentials_file(method.setting("file"), self._environ),
            method.setting("scope"),
            back_channel=self._back_channel(method),
            clock=self._clock,
        )
        return OAuthCredential(AskedSource(ask, self._clock))


def missing_secret(method: AuthMethod) -> SecretUnavailable:
    return SecretUnavailable(
        Text("the {secret} of '{name}' is not kept here", secret=method.kind.secret, name=method.name),
        next_step=Text(
            "Give it: 'auth login' asks for it, and so does 'auth edit' for a {secret}.", secret=method.kind.secret
        ),
    )


def _once(make: Callable[[], TokenEndpoint]) -> Callable[[], TokenEndpoint]:
    """Made when first needed, because it may ask the issuer; a failure is not kept."""
    made: List[TokenEndpoint] = []

    def get() -> TokenEndpoint:
        if not made:
            made.append(make())
        return made[0]

    return get
