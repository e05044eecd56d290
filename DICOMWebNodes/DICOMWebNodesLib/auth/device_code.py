"""The device authorization grant (RFC 8628): the browser is on another computer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping
from urllib.parse import urlencode

from ..errors import ConnectionFailed, DICOMWebNodesError, SignInFailed, SignInTimedOut
from .authorization_code import requested_scope, with_account
from .back_channel import TEMPORARY
from .cancellation import Cancellation
from .plain_http import checked_endpoint
from .prompt import Prompt, Prompter
from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint

_INTERVAL = 5.0  # seconds between two questions, when the server does not say (section 3.2)
_LONGEST_INTERVAL = 60.0  # seconds; what a failing network may make of it
_LIFETIME = 600.0  # seconds, when the server does not say, though it must
_ASKED = "sign in with the device code"


@dataclass(frozen=True)
class DeviceAuthorization:
    """A device authorization response (section 3.2). Times in seconds."""

    device_code: str = field(repr=False)
    prompt: Prompt
    expires_in: float
    interval: float


class DeviceCodeFlow:
    """Signs a person in who enters a short code elsewhere. ``clock`` is in seconds; ``wait`` pauses."""

    def __init__(
        self,
        endpoint: TokenEndpoint,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        wait: Callable[[Cancellation, float], None] = Cancellation.wait,
    ) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._now = now
        self._wait = wait

    def run(self, prompt: Prompter, cancellation: Cancellation) -> Token:
        """Calls ``prompt`` once with what to open and to enter, then asks until the person has done it.

        Raises SignInFailed, SignInCancelled, SignInTimedOut and what the endpoints raise.
        """
        authorization = self._authorize()
        deadline = self._clock() + authorization.expires_in
        prompt(authorization.prompt)
        interval = authorization.interval
        while True:
            self._wait(cancellation, interval)
            cancellation.check()
            if self._clock() >= deadline:
                raise _expired()
            try:
                token = self._endpoint.redeem_device_code(authorization.device_code)
            except ErrorResponse as error:
                interval = self._next_interval(error, interval)
            except TEMPORARY as error:  # section 3.5: back off, the code lives on
                if not isinstance(error, ConnectionFailed) and error.retry_after is not None:
                    interval = max(interval, error.retry_after)
                interval = min(2 * interval, max(_LONGEST_INTERVAL, interval))
            else:
                return with_account(token, self._endpoint, nonce="", now=self._now())

    def _authorize(self) -> DeviceAuthorization:
        provider, registration = self._endpoint.provider, self._endpoint.registration
        form = {
            **self._endpoint.client_parameters(),
            "scope": requested_scope(provider, registration),
            "audience": registration.audience,
        }
        answer = self._endpoint.post(
            provider.device_authorization_endpoint,
            urlencode({name: value for name, value in form.items() if value}),
            asked=_ASKED,
        )
        try:
            content = answer.json_object()
        except DICOMWebNodesError as error:
            raise error.about(asked=_ASKED) from None
        if "error" in content or answer.status != 200:
            refusal = ErrorResponse(
                str(content.get("error") or f"status {answer.status}"), str(content.get("error_description") or "")
            )
            raise refusal.refused(provider, _ASKED)
        return self._read(content)

    def _read(self, content: Mapping[str, Any]) -> DeviceAuthorization:
        texts = {name: content.get(name) for name in ("device_code", "user_code", "verification_uri")}
        missing = [name for name, value in texts.items() if not isinstance(value, str) or not value]
        if missing:
            raise SignInFailed(f"{self._endpoint.provider.title} sent no {missing[0]}", asked=_ASKED)
        return DeviceAuthorization(
            device_code=str(texts["device_code"]),
            prompt=self._prompt(content),
            expires_in=_seconds(content.get("expires_in"), _LIFETIME),
            interval=_seconds(content.get("interval"), _INTERVAL),
        )

    def _prompt(self, content: Mapping[str, Any]) -> Prompt:
        """The URLs are opened in a browser, so they have to be ones (section 3.3)."""
        allow_plain_http = self._endpoint.provider.allow_plain_http
        short = checked_endpoint(content["verification_uri"], "verification_uri", allow_plain_http=allow_plain_http)
        complete = content.get("verification_uri_complete")
        url = short
        if isinstance(complete, str) and complete:
            url = checked_endpoint(complete, "verification_uri_complete", allow_plain_http=allow_plain_http)
        user_code = "".join(character for character in content["user_code"] if character.isprintable())[:40]
        return Prompt(url, user_code, short)

    def _next_interval(self, error: ErrorResponse, interval: float) -> float:
        if error.error == "authorization_pending":
            return interval
        if error.error == "slow_down":
            return interval + 5.0  # section 3.5: for this and all later questions
        if error.error == "expired_token":
            raise _expired() from None
        raise error.refused(self._endpoint.provider, _ASKED) from None


def _expired() -> SignInTimedOut:
    return SignInTimedOut(
        "the code expired before anybody entered it", next_step="Start the sign-in again and enter the new code."
    )


def _seconds(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 86_400:
        return default
    return float(value)
