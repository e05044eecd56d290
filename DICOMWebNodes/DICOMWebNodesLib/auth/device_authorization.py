"""The device authorization request (RFC 8628 section 3.1): what a person has to enter where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping
from urllib.parse import urlencode

from ..errors import DICOMWebNodesError, SignInFailed
from ..text import Text
from .authorization_code import requested_scope
from .pkce import Randomness, random_token, s256_challenge
from .plain_http import checked_endpoint
from .prompt import Prompt
from .token_endpoint import ErrorResponse, TokenEndpoint

ASKED = Text("sign in with the device code")
_INTERVAL = 5.0  # seconds between two questions, when the server does not say (section 3.2)
_LIFETIME = 600.0  # seconds, when the server does not say, though it must


@dataclass(frozen=True)
class DeviceAuthorization:
    """The response (section 3.2). Times in seconds. ``code_verifier`` is "" for a server that wants none."""

    device_code: str = field(repr=False)
    prompt: Prompt
    expires_in: float
    interval: float
    code_verifier: str = field(default="", repr=False)


def authorize(endpoint: TokenEndpoint, randomness: Randomness) -> DeviceAuthorization:
    """Ask for a device code.

    The specification knows no PKCE here. Keycloak wants it all the same for a client of which it is required, and
    says so; others need not understand it, so that it is sent to nobody unasked.

    Raises SignInFailed, InvalidAuthMethod for URLs that no browser should open, and what the endpoint raises.
    """
    try:
        return _read(endpoint, _ask(endpoint, {}), "")
    except ErrorResponse as error:
        if "code_challenge" not in error.description:
            raise error.refused(endpoint.provider, ASKED) from None
    code_verifier = random_token(randomness)
    challenge = {"code_challenge": s256_challenge(code_verifier), "code_challenge_method": "S256"}
    try:
        return _read(endpoint, _ask(endpoint, challenge), code_verifier)
    except ErrorResponse as error:
        raise error.refused(endpoint.provider, ASKED) from None


def _ask(endpoint: TokenEndpoint, challenge: Mapping[str, str]) -> Mapping[str, Any]:
    provider, registration = endpoint.provider, endpoint.registration
    form: Dict[str, str] = {
        **endpoint.client_parameters(),
        "scope": requested_scope(provider, registration),
        "audience": registration.audience,
        **challenge,
    }
    body = urlencode({name: value for name, value in form.items() if value})
    answer = endpoint.post(provider.device_authorization_endpoint, body, asked=ASKED)
    try:
        content = answer.json_object()
    except DICOMWebNodesError as error:
        raise error.about(asked=ASKED) from None
    if "error" in content or answer.status != 200:
        raise endpoint.error_response(
            content.get("error") or f"status {answer.status}", content.get("error_description")
        )
    return content


def _read(endpoint: TokenEndpoint, content: Mapping[str, Any], code_verifier: str) -> DeviceAuthorization:
    texts = {name: content.get(name) for name in ("device_code", "user_code", "verification_uri")}
    missing = [name for name, value in texts.items() if not isinstance(value, str) or not value]
    if missing:
        raise SignInFailed(
            Text("{provider} sent no {missing}", provider=endpoint.provider.title, missing=missing[0]), asked=ASKED
        )
    return DeviceAuthorization(
        device_code=str(texts["device_code"]),
        prompt=_prompt(content, endpoint.provider.allow_plain_http),
        expires_in=_seconds(content.get("expires_in"), _LIFETIME),
        interval=_seconds(content.get("interval"), _INTERVAL),
        code_verifier=code_verifier,
    )


def _prompt(content: Mapping[str, Any], allow_plain_http: bool) -> Prompt:
    """The URLs are opened in a browser, so they have to be ones (section 3.3)."""
    short = checked_endpoint(content["verification_uri"], "verification_uri", allow_plain_http=allow_plain_http)
    complete = content.get("verification_uri_complete")
    url = short
    if isinstance(complete, str) and complete:
        url = checked_endpoint(complete, "verification_uri_complete", allow_plain_http=allow_plain_http)
    user_code = "".join(character for character in content["user_code"] if character.isprintable())[:40]
    return Prompt(url, user_code, short)


def _seconds(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 86_400:
        return default
    return float(value)
