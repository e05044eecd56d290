"""The credentials that Google's own tools leave on a computer: application default credentials, and gcloud."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import timezone
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional

from ..errors import AuthenticationError, SignInRequired
from ..text import Text
from .aws_credentials import Run, output_of
from .back_channel import BackChannel
from .pkce import base64url
from .provider import AuthProvider
from .registration import AuthRegistration, ClientAuthentication
from .rs256 import sign
from .token import Token
from .token_endpoint import ErrorResponse, TokenEndpoint

TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token"  # noqa: S105
_GCLOUD_LIFETIME = 300.0  # seconds that a token of gcloud is used before it is asked again; it does not tell
_LOGIN = Text("Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to a key file.")

Clock = Callable[[], float]


def credentials_file(given: str, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where application default credentials are."""
    named = given or environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    if named:
        return Path(named).expanduser()
    folder = environ.get("CLOUDSDK_CONFIG")
    if not folder:
        home = Path(environ.get("HOME") or os.path.expanduser("~"))
        folder = str(
            Path(environ.get("APPDATA", "")) / "gcloud" if platform == "win32" else home / ".config" / "gcloud"
        )
    return Path(folder) / "application_default_credentials.json"


class ApplicationDefault:
    """Asks Google for a token with the credentials in a file; call it.

    Types "authorized_user" and "service_account" are known here, others are left to google-auth where it is installed.
    Raises SignInRequired, AuthenticationError, and what the back channel raises.
    """

    def __init__(
        self,
        path: Path,
        scope: str,
        *,
        back_channel: Optional[BackChannel] = None,
        google_auth: Optional[Callable[[Path, str, float], Optional[Token]]] = None,
        clock: Clock = time.time,
    ) -> None:
        self._path = path
        self._scope = scope
        self._back_channel = back_channel
        self._google_auth = google_auth or from_google_auth
        self._clock = clock

    def __call__(self) -> Token:
        credentials = self._read()
        kind = credentials.get("type")
        try:
            if kind == "authorized_user":
                return self._of_user(credentials)
            if kind == "service_account":
                return self._of_service_account(credentials)
        except KeyError as error:
            raise SignInRequired(
                Text("{path} has no {error}", path=self._path, error=error), next_step=_LOGIN
            ) from None
        except ErrorResponse as error:
            raise SignInRequired(
                Text("Google does not accept {path}: {words}", path=self._path, words=error.words), next_step=_LOGIN
            ) from None
        token = self._google_auth(self._path, self._scope, self._clock())
        if token is None:
            raise AuthenticationError(
                Text(
                    "{path} holds credentials of type '{kind}', which need the Python package google-auth",
                    path=self._path,
                    kind=kind,
                ),
                next_step="Install it with 'python -m pip install google-auth', or use 'gcloud'.",
            )
        return token

    def _read(self) -> Dict[str, Any]:
        try:
            credentials = json.loads(self._path.read_bytes())
        except OSError as error:
            raise SignInRequired(
                Text("{path} cannot be read: {reason}", path=self._path, reason=error.strerror), next_step=_LOGIN
            ) from None
        except (ValueError, RecursionError):
            credentials = None
        if not isinstance(credentials, dict):
            raise SignInRequired(Text("{path} holds no credentials", path=self._path), next_step=_LOGIN)
        return credentials

    def _of_user(self, credentials: Mapping[str, Any]) -> Token:
        registration = AuthRegistration(
            credentials["client_id"], token_endpoint_auth_method=ClientAuthentication.CLIENT_SECRET_POST
        )
        endpoint = self._endpoint(credentials, registration, credentials["client_secret"])
        return endpoint.refresh(credentials["refresh_token"])

    def _of_service_account(self, credentials: Mapping[str, Any]) -> Token:
        endpoint = self._endpoint(credentials, AuthRegistration(credentials["client_email"]), "")
        now = int(self._clock())
        header = {"alg": "RS256", "typ": "JWT", "kid": credentials["private_key_id"]}
        claims = {
            "iss": credentials["client_email"],
            "scope": self._scope,
            "aud": endpoint.provider.token_endpoint,
            "iat": now,
            "exp": now + 3600,
        }
        unsigned = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = sign(unsigned.encode("ascii"), credentials["private_key"])
        return endpoint.jwt_bearer(f"{unsigned}.{base64url(signature)}")

    def _endpoint(self, credentials: Mapping[str, Any], registration: AuthRegistration, secret: str) -> TokenEndpoint:
        provider = AuthProvider(name="Google", token_endpoint=credentials.get("token_uri") or TOKEN_ENDPOINT)
        return TokenEndpoint(provider, registration, secret, back_channel=self._back_channel, clock=self._clock)


def gcloud_token(run: Run = output_of, clock: Clock = time.time) -> Token:
    """What ``gcloud auth print-access-token`` prints. Raises SignInRequired."""
    now = clock()
    try:
        printed = run([shutil.which("gcloud") or "gcloud", "auth", "print-access-token", "--quiet"]).strip()
    except FileNotFoundError:
        raise SignInRequired(
            "gcloud is not installed", next_step="Install the Google Cloud CLI, or choose another authentication."
        ) from None
    except (OSError, subprocess.SubprocessError):
        printed = ""
    if not printed or not printed.isascii() or not printed.isprintable():
        raise SignInRequired("gcloud gives no token", next_step="Run 'gcloud auth login'.")
    return Token(printed, obtained_at=now, lifetime=_GCLOUD_LIFETIME)


def from_google_auth(path: Path, scope: str, now: float) -> Optional[Token]:
    """What google-auth makes of the file; None when it is not installed."""
    try:
        import google.auth
        import google.auth.exceptions
        import google.auth.transport.requests
    except ImportError:
        return None
    try:
        credentials, _ = google.auth.load_credentials_from_file(str(path), scopes=scope.split())
        credentials.refresh(google.auth.transport.requests.Request())
    except google.auth.exceptions.GoogleAuthError as error:
        raise SignInRequired(
            Text("google-auth does not get a token with {path} ({error})", path=path, error=type(error).__name__),
            next_step=_LOGIN,
        ) from None
    expiry = credentials.expiry  # UTC, and does not say so
    lifetime = expiry.replace(tzinfo=timezone.utc).timestamp() - now if expiry else None
    return Token(credentials.token, obtained_at=now, lifetime=lifetime)
