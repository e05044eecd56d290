"""The face of this package: methods, their secrets, who is signed in, and what signs a node's requests."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, Iterator, Mapping, Optional, Tuple, Union

from ..errors import DICOMWebNodesError, SecretUnavailable, SignInFailed
from ..logs import action
from ..nodes.node import Node
from ..proxy import basic_authorization, is_same_proxy
from ..storage.folders import settings_folder
from ..text import Text
from .authorization_code import AuthorizationCodeFlow
from .back_channel import BackChannel
from .cancellation import Cancellation
from .credentials import Credential
from .device_code import DeviceCodeFlow
from .discovery import Discovery
from .method import AuthMethod
from .method_store import FILE_NAME, AuthMethodStore
from .node_secrets import NodeSecrets, key_of
from .node_signing import NodeSigning
from .open_secrets import open_secret_store
from .pages import ENGLISH, Pages
from .prompt import Prompter
from .registration import Grant
from .revocation import revoke
from .secret_store import SecretStore
from .sign_in import Opener, SignIn
from .signers import Signers, missing_secret
from .status import AuthStatus, status_of
from .token import Token
from .token_store import TokenStore, token_key

_LOG = logging.getLogger(__name__)


class Authentication:
    """``Workspace(credentials=Authentication(...).credential_for)``. Safe to use from several threads.

    ``folder`` is that of the settings; ``nodes`` tells which nodes there are, to say which use a method.
    """

    def __init__(
        self,
        folder: Optional[Path] = None,
        *,
        methods: Optional[AuthMethodStore] = None,
        secrets: Optional[SecretStore] = None,
        nodes: Callable[[], Iterable[Node]] = tuple,
        discovery: Optional[Discovery] = None,
        clock: Callable[[], float] = time.time,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        folder = folder or settings_folder(environ)
        self.methods = methods or AuthMethodStore(folder / FILE_NAME)
        self.secrets = secrets or open_secret_store(folder)
        self.of_nodes = NodeSecrets(self.secrets)
        self.discovery = discovery or Discovery()
        self._nodes = nodes
        self._clock = clock
        self._tokens = TokenStore(self.secrets, folder / "locks")
        self._signers = Signers(
            self._tokens, discovery=self.discovery, back_channel=self._back_channel, clock=clock, environ=environ
        )
        self.signing = NodeSigning(self.of_nodes, self._signers, self._method_and_secret)

    def credential_for(
        self, node: Node, typed: Optional[Mapping[str, str]] = None, proxy_password: str = ""
    ) -> Optional[Credential]:
        """What signs the node's requests, and what its proxy is told; None when nothing is.

        As :meth:`.node_signing.NodeSigning.credential_for`, which says what is raised.
        """
        return self.signing.credential_for(node, typed, proxy_password)

    def kept_proxy_password(self, proxy: str, user: str) -> str:
        """What a node keeps for this user of this very proxy; "" when none does."""
        return next((password for name, password in self._kept_for(proxy) if name == user), "")

    def _back_channel(self, method: AuthMethod) -> BackChannel:
        """The way to the method's provider: the environment's, or where that names none the own proxy of the first
        node that has one and signs in by the method."""

        def proxy() -> str:
            return next((node.proxy for node in self._nodes() if node.proxy and node.authentication == method.uid), "")

        ca_file = method.provider.ca_file if method.provider is not None else ""
        return BackChannel(ca_file, kept=self._kept_for_proxy, proxy=proxy)

    def _kept_for_proxy(self, address: str) -> str:
        """Of a proxy on the way to a provider a node may keep user name and password."""
        return next((basic_authorization(*known) for known in self._kept_for(address)), "")

    def _kept_for(self, proxy: str) -> Iterator[Tuple[str, str]]:
        for node in self._nodes():
            if node.proxy_user and is_same_proxy(node.proxy, proxy):
                with contextlib.suppress(SecretUnavailable):
                    yield node.proxy_user, self.of_nodes.proxy_password(node)

    # --- methods and their secrets ----------------------------------------------------------------------------------

    def discovered(self, method: AuthMethod) -> AuthMethod:
        """``method`` with the endpoints of its issuer filled in, to be seen and edited. Raises what discovery does."""
        if method.provider is None or method.registration is None or not method.provider.issuer:
            return method
        endpoints = method.registration.grant.endpoints
        provider = self.discovery.complete(method.provider, *endpoints, back_channel=self._back_channel(method))
        return replace(method, provider=provider)

    def add(self, method: AuthMethod, secret: str = "") -> None:
        """Keep a method, and its secret with the secrets. Raises InvalidAuthMethod, SecretUnavailable."""
        self.methods.add(method)
        if secret:
            self.set_secret(method, secret)

    def update(self, name_or_uid: str, change: Callable[[AuthMethod], AuthMethod]) -> AuthMethod:
        """Change a method; a sign-in at another provider, as another client or for another scope is forgotten.

        Raises AuthMethodNotFound, InvalidAuthMethod, and what ``change`` raises.
        """
        before = self.methods.get(name_or_uid)
        after = self.methods.update(before.uid, change)
        if _signs_in_for(before) != _signs_in_for(after):
            # Or its refresh token would be sent to the new provider, and would go on giving the old scope.
            self._tokens.forget(after.uid)
        self.signing.forget(after.uid)
        return after

    def remove(self, name_or_uid: str) -> AuthMethod:
        """Forget a method, its secret and its token. Raises AuthMethodNotFound, AuthMethodInUse."""
        method = self.methods.remove(name_or_uid, self._nodes())
        self.signing.forget(method.uid)
        self._tokens.forget(method.uid)
        self.secrets.delete(_secret_key(method))
        return method

    def secret(self, method: AuthMethod) -> str:
        """ "" when there is none."""
        return self.secrets.get(_secret_key(method)) if method.has_secret else ""

    def _method_and_secret(self, uid: str) -> Tuple[AuthMethod, str]:
        method = self.methods.get(uid)
        return method, self.secret(method)

    def set_secret(self, method: AuthMethod, secret: str) -> None:
        self.secrets.set(_secret_key(method), secret)
        self.signing.forget(method.uid)

    def set_secret_header(self, node: Node, name: str, value: str) -> None:
        """The value of one of the node's ``secret_headers``; "" forgets it. Raises InvalidHeader."""
        self.of_nodes.set_header(node, name, value)
        self.signing.forget(key_of(node))

    def forget_secrets_of_node(self, before: Node, after: Optional[Node] = None) -> None:
        """What ``before`` had and ``after`` has not, or all of a node that is gone."""
        self.of_nodes.forget(before, after)
        self.signing.forget(key_of(before))

    def keys(self) -> Iterator[str]:
        """Under which secrets of methods and nodes are kept."""
        for method in self.methods.methods():
            yield _secret_key(method)
            yield token_key(method.uid)
        for node in self._nodes():
            yield from self.of_nodes.keys(node)

    # --- signing in and out -----------------------------------------------------------------------------------------

    def sign_in(
        self,
        name_or_uid: str,
        *,
        open_browser: Optional[Opener] = None,
        device: bool = False,
        on_change: Callable[[SignIn], None] = lambda sign_in: None,
        pages: Pages = ENGLISH,
    ) -> SignIn:
        """Start the sign-in of a method whose grant needs a person; returns at once.

        ``device`` uses the device code grant whatever the method says;
        ``pages`` is what the browser shows in the end. Raises AuthMethodNotFound, SecretUnavailable,
        SignInFailed for a method that needs no person; everything else is in the SignIn.
        """
        method = self.methods.get(name_or_uid)
        if not method.needs_person:
            raise SignInFailed(
                Text("'{name}' needs nobody to sign in", name=method.name), next_step="Use it: give it to a node."
            )
        if device:
            method = with_grant(method, Grant.DEVICE_CODE)
        secret = self.secret(method)
        if method.has_secret and not secret:
            raise missing_secret(method)

        def run(prompt: Prompter, cancellation: Cancellation) -> Token:
            endpoint = self._signers.endpoint(method, secret)
            flow: Union[DeviceCodeFlow, AuthorizationCodeFlow]
            if endpoint.registration.grant is Grant.DEVICE_CODE:
                flow = DeviceCodeFlow(endpoint, now=self._clock)
            else:
                flow = AuthorizationCodeFlow(endpoint, now=self._clock, pages=pages)
            with action(_LOG, method.name, "sign in"):
                token = flow.run(prompt, cancellation)
            cancellation.check()
            with self._tokens.exclusive(method.uid):
                self._tokens.save(method.uid, token)
            self.signing.forget(method.uid)
            return token

        return SignIn(run, open_browser=open_browser, on_change=on_change).start()

    def sign_out(self, name_or_uid: str) -> str:
        """Revoke the token at the provider, then forget it. Returns what happened, for the person.

        A provider that cannot be reached does not keep the token from being forgotten; the text says so.
        """
        method = self.methods.get(name_or_uid)
        with self._tokens.exclusive(method.uid):
            token = self._tokens.load(method.uid)
            if token is None:
                return Text("nobody was signed in with '{name}'", name=method.name)
            try:
                with action(_LOG, method.name, "sign out"):
                    told = self._revoke(method, token)
            except DICOMWebNodesError as error:
                told = Text("signed out here only: {error}", error=error.in_full)
            finally:
                self._tokens.forget(method.uid)
                self.signing.forget(method.uid)
        return told

    def _revoke(self, method: AuthMethod, token: Token) -> str:
        provider = method.provider
        assert provider is not None
        if not provider.revocation_endpoint and provider.issuer:
            provider = provider.completed(self.discovery.provider(provider, self._back_channel(method)))
        if not provider.revocation_endpoint:
            return Text(
                "signed out here; {provider} has no way to revoke a token before it expires", provider=provider.title
            )
        revoke(self._signers.endpoint(replace(method, provider=provider), self.secret(method)), token)
        return Text("signed out, and the token is revoked at {provider}", provider=provider.title)

    def status_or_problem(self, method: AuthMethod) -> AuthStatus:
        """For lists, which secrets that cannot be read must not hide."""
        try:
            return self.status(method.uid)
        except SecretUnavailable as error:
            return AuthStatus(False, error.cause)

    def status(self, name_or_uid: str) -> AuthStatus:
        """Without asking anybody. Raises AuthMethodNotFound, SecretUnavailable."""
        method = self.methods.get(name_or_uid)
        token = self._tokens.load(method.uid) if method.needs_person else None
        return status_of(method, has_secret=bool(self.secret(method)), token=token, now=self._clock())


def with_grant(method: AuthMethod, grant: Grant) -> AuthMethod:
    assert method.registration is not None
    return replace(method, registration=replace(method.registration, grant=grant))


def _signs_in_for(method: AuthMethod) -> object:
    """What a token is bound to: with any of it changed, it is not the one that the method asks for."""
    asked = method.registration
    if asked is None:
        return method.provider
    return method.provider, asked.client_id, frozenset(asked.scope.split()), asked.audience


def _secret_key(method: AuthMethod) -> str:
    return f"{method.uid}/secret"
