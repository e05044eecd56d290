"""The way to a credential."""

from __future__ import annotations

from typing import Any, Dict

from .base import DICOMWebNodesError


class AuthenticationError(DICOMWebNodesError):
    code = "authentication"


class SignInRequired(AuthenticationError):
    """``method``: name of the authentication method, "" when another program signs in."""

    code = "sign-in-required"
    next_step = "Sign in, then try again."

    def __init__(self, cause: str, *, method: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.method = method

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "method": self.method}


class SignInFailed(AuthenticationError):
    code = "sign-in-failed"


class SignInCancelled(AuthenticationError):
    code = "sign-in-cancelled"


class SignInTimedOut(AuthenticationError):
    code = "sign-in-timed-out"
    next_step = "Start the sign-in again and finish it in the browser."


class AuthMethodNotFound(AuthenticationError):
    code = "auth-method-not-found"
    next_step = "'auth list' shows the authentication methods there are."


class AuthMethodInUse(AuthenticationError):
    code = "auth-method-in-use"
    next_step = "Give these nodes another authentication first."


class PlainHTTPRefused(AuthenticationError):
    code = "plain-http-refused"
    next_step = "Use https in the node's URL, or allow this node to send its credential over plain http."


class SecretUnavailable(AuthenticationError):
    code = "secret-unavailable"


class PackageMissing(AuthenticationError):
    code = "package-missing"
