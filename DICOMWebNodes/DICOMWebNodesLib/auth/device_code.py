"""The device authorization grant (RFC 8628): the browser is on another computer."""

from __future__ import annotations

import secrets
import time
from typing import Callable

from ..errors import ConnectionFailed, SignInTimedOut
from .authorization_code import with_account
from .back_channel import TEMPORARY
from .cancellation import Cancellation
from .device_authorization import ASKED, authorize
from .pkce import Randomness
from .prompt import Prompter
from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint

_LONGEST_INTERVAL = 60.0  # seconds; what a failing network may make of it


class DeviceCodeFlow:
    """Signs a person in who enters a short code elsewhere. ``clock`` is in seconds; ``wait`` pauses."""

    def __init__(
        self,
        endpoint: TokenEndpoint,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        wait: Callable[[Cancellation, float], None] = Cancellation.wait,
        randomness: Randomness = secrets.token_bytes,
    ) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._now = now
        self._wait = wait
        self._randomness = randomness

    def run(self, prompt: Prompter, cancellation: Cancellation) -> Token:
        """Calls ``prompt`` once with what to open and to enter, then asks until the person has done it.

        Raises SignInFailed, SignInCancelled, SignInTimedOut and what the endpoints raise.
        """
        authorization = authorize(self._endpoint, self._randomness)
        deadline = self._clock() + authorization.expires_in
        prompt(authorization.prompt)
        interval = authorization.interval
        while True:
            self._wait(cancellation, interval)
            cancellation.check()
            if self._clock() >= deadline:
                raise _expired()
            try:
                token = self._endpoint.redeem_device_code(authorization.device_code, authorization.code_verifier)
            except ErrorResponse as error:
                interval = self._next_interval(error, interval)
            except TEMPORARY as error:  # section 3.5: back off, the code lives on
                if not isinstance(error, ConnectionFailed) and error.retry_after is not None:
                    interval = max(interval, error.retry_after)
                interval = min(2 * interval, max(_LONGEST_INTERVAL, interval))
            else:
                return with_account(token, self._endpoint, nonce="", now=self._now())

    def _next_interval(self, error: ErrorResponse, interval: float) -> float:
        if error.error == "authorization_pending":
            return interval
        if error.error == "slow_down":
            return interval + 5.0  # section 3.5: for this and all later questions
        if error.error == "expired_token":
            raise _expired() from None
        raise error.refused(self._endpoint.provider, ASKED) from None


def _expired() -> SignInTimedOut:
    return SignInTimedOut(
        "the code expired before anybody entered it", next_step="Start the sign-in again and enter the new code."
    )
