"""oauthlib, which only OAuth needs, so that nobody else has to install it."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from ..errors import PackageMissing
from .method import AuthMethod, Kind


def needs_oauthlib(method: AuthMethod) -> bool:
    """Whether it asks a token endpoint."""
    is_google_file = method.kind is Kind.GOOGLE and method.setting("source") == "application-default"
    return method.kind is Kind.OAUTH2 or is_google_file


def check_oauthlib() -> None:
    """Without importing it. Raises PackageMissing; what was installed a moment ago counts."""
    if importlib.util.find_spec("oauthlib") is None:
        importlib.invalidate_caches()
        if importlib.util.find_spec("oauthlib") is None:
            raise PackageMissing(
                "signing in with OAuth needs the Python package oauthlib, which is not installed",
                next_step="Install it with 'python -m pip install oauthlib', or choose another authentication.",
            )


def require_oauthlib() -> ModuleType:
    """oauthlib.oauth2. Raises PackageMissing that says how to get it."""
    check_oauthlib()
    import oauthlib.oauth2

    return oauthlib.oauth2
