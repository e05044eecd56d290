"""Where a valid token comes from when a request needs one: kept, renewed, or asked for anew."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Callable, Optional

from ..errors import SignInRequired
from ..text import Text
from .abandoning import abandonable
from .back_channel import TEMPORARY
from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint
from .token_store import TokenStore

Clock = Callable[[], float]


class TokenSource:
    """Gives a token that is valid now. ``clock``: seconds since the epoch. Safe to use from several threads."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._token: Optional[Token] = None

    def token(self, refused: str = "") -> Token:
        """A token; never the one whose access token the server ``refused``.

        Raises SignInRequired when only a person can help, and what asking the provider raises.
        """
        token = self._token
        if token is None or not self._is_good(token, refused):
            token = abandonable(lambda: self._renewed_and_kept(refused))
        return token

    def is_young(self, token: Token) -> bool:
        """Whether it was obtained just now, so that a server that refuses it will refuse the next one as well."""
        return abs(token.age(self._clock())) < min(60.0, (token.lifetime or 240.0) / 4)

    def _renewed_and_kept(self, refused: str) -> Token:
        """Also where nobody waits for it any more."""
        token = self._token = self._renewed(refused)
        return token

    def _renewed(self, refused: str) -> Token:
        raise NotImplementedError

    def _is_good(self, token: Token, refused: str) -> bool:
        return token.access_token != refused and not token.is_due(self._clock())

    def _is_usable(self, token: Token, refused: str) -> bool:
        """Whether it still works although it is time to renew it."""
        return token.access_token != refused and not token.is_expired(self._clock())


class AskedSource(TokenSource):
    """Asks for a new token whenever one is needed: client credentials, and the credentials of other tools."""

    def __init__(self, ask: Callable[[], Token], clock: Clock = time.time) -> None:
        super().__init__(clock)
        self._ask = ask
        self._lock = threading.Lock()

    def _renewed(self, refused: str) -> Token:
        with self._lock:
            token = self._token
            if token is not None and self._is_good(token, refused):
                return token  # another thread asked in the meantime
            try:
                return self._ask()
            except TEMPORARY:
                if token is not None and self._is_usable(token, refused):
                    return token
                raise


class SignedInSource(TokenSource):
    """The token that a person's sign-in left in ``tokens`` under ``uid``, renewed with its refresh token.

    One renewal serves all threads and processes: whoever comes second finds the new token in the store. The new
    refresh token is stored before anything is done with the new access token, because the old one is void.
    """

    def __init__(
        self,
        uid: str,
        name: str,
        tokens: TokenStore,
        endpoint: Callable[[], TokenEndpoint],
        clock: Clock = time.time,
    ) -> None:
        super().__init__(clock)
        self._uid = uid
        self._name = name
        self._tokens = tokens
        self._endpoint = endpoint
        self._unsaved: Optional[Token] = None

    def _renewed(self, refused: str) -> Token:
        with self._tokens.exclusive(self._uid):
            stored = self._newest(self._tokens.load(self._uid))
            if stored is None:
                raise SignInRequired(Text("nobody is signed in with '{name}'", name=self._name), method=self._name)
            if self._is_good(stored, refused):
                return stored
            if not stored.refresh_token:
                if self._is_usable(stored, refused):
                    return stored
                raise self._over(Text("and the provider gave no means to renew it"))
            try:
                return self._refreshed(stored)
            except TEMPORARY:
                if self._is_usable(stored, refused):
                    return stored  # there is time to try again
                raise

    def _newest(self, stored: Optional[Token]) -> Optional[Token]:
        """The stored token, unless a newer one could not be stored: then the stored one is void.

        By their times alone a token of before the clock was set back would be the newest for ever.
        """
        here = self._unsaved
        if stored is not None and here is not None and here.obtained_at > stored.obtained_at:
            return here
        return stored

    def _refreshed(self, stored: Token) -> Token:
        try:
            token = self._endpoint().refresh(stored.refresh_token)
        except ErrorResponse as error:
            if error.error != "invalid_grant":
                raise error.refused(self._endpoint().provider, "renew the token") from None
            self._token = None
            self._tokens.forget(self._uid)
            raise self._over(Text("the provider does not renew it: {words}", words=error.words)) from None
        token = replace(token, account=stored.account, scope=token.scope or stored.scope)
        self._token = self._unsaved = token
        self._tokens.save(self._uid, token)
        self._unsaved = None
        return token

    def _over(self, why: str) -> SignInRequired:
        return SignInRequired(
            Text("the sign-in with '{name}' is over, {why}", name=self._name, why=why), method=self._name
        )
