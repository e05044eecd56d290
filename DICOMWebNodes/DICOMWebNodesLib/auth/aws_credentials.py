"""The credentials that AWS's own tools use: from the environment, their files, or a program named there."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from ..errors import SignInRequired
from ..text import Text

_KEEP = 60.0  # seconds; then the files are read again, because somebody may have signed in anew
_AHEAD = 120.0  # seconds before their end that temporary credentials are asked for again

Process = Union[str, Sequence[str]]  # as subprocess takes it
Run = Callable[[Process], str]
"""Runs a program and gives its standard output; raises OSError or subprocess.SubprocessError."""


@dataclass(frozen=True)
class AwsCredentials:
    """Keys that sign requests; ``session_token`` is "" of lasting ones, and ``expires_at`` None."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    expires_at: Optional[float] = None  # seconds since the epoch


class AwsCredentialChain:
    """Credentials that are valid now; call it. Environment variables come first unless a ``profile`` is named.

    A profile with keys or a ``credential_process`` is read here; single sign-on, roles and the like need botocore,
    which is used where it is installed. Raises SignInRequired.
    """

    def __init__(
        self,
        profile: str = "",
        *,
        environ: Mapping[str, str] = os.environ,
        run: Optional[Run] = None,
        botocore: Optional[Callable[[str], Optional[AwsCredentials]]] = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._profile = profile
        self._environ = environ
        self._run = run or output_of
        self._botocore = botocore or from_botocore
        self._clock = clock
        self._lock = threading.Lock()
        self._found: Optional[AwsCredentials] = None
        self._found_at = 0.0

    def __call__(self) -> AwsCredentials:
        with self._lock:
            if self._found is None or not self._is_good(self._found):
                self._found, self._found_at = self._find(), self._clock()
            return self._found

    def _is_good(self, found: AwsCredentials) -> bool:
        now = self._clock()
        return now < self._found_at + _KEEP if found.expires_at is None else now < found.expires_at - _AHEAD

    def _find(self) -> AwsCredentials:
        name = self._profile or self._environ.get("AWS_PROFILE") or "default"
        found = None if self._profile else _from_environment(self._environ)
        found = found or self._from_profile(self._section(name)) or self._botocore(name)
        if found is None:
            raise SignInRequired(
                Text("there are no AWS credentials: neither in the environment nor in the profile '{name}'", name=name),
                next_step="Run 'aws configure' or 'aws sso login' (which needs the Python package botocore here).",
            )
        return found

    def _section(self, name: str) -> Mapping[str, str]:
        """The profile's settings of both files; the file of credentials counts more."""
        folder = Path(self._environ.get("HOME") or self._environ.get("USERPROFILE") or os.path.expanduser("~")) / ".aws"
        config = _read(Path(self._environ.get("AWS_CONFIG_FILE") or folder / "config"))
        keys = _read(Path(self._environ.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials"))
        in_config = name if name == "default" else f"profile {name}"
        return {**config.get(in_config, {}), **keys.get(name, {})}

    def _from_profile(self, section: Mapping[str, str]) -> Optional[AwsCredentials]:
        if section.get("aws_access_key_id") and section.get("aws_secret_access_key"):
            return AwsCredentials(
                section["aws_access_key_id"], section["aws_secret_access_key"], section.get("aws_session_token", "")
            )
        command = section.get("credential_process")
        return self._from_process(command) if command else None

    def _from_process(self, command: str) -> AwsCredentials:
        try:
            answer = json.loads(self._run(process_of(command)))
            return AwsCredentials(
                answer["AccessKeyId"],
                answer["SecretAccessKey"],
                answer.get("SessionToken") or "",
                _seconds(answer.get("Expiration")),
            )
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SignInRequired(
                Text(
                    "the credential_process of the AWS profile gave no credentials ({error})",
                    error=type(error).__name__,
                ),
                next_step="Run it by hand to see why: it is named in the AWS configuration file.",
            ) from None


def process_of(command: str, platform: str = sys.platform) -> Process:
    """As it is started; a line is taken apart by Windows itself, whose programs have rules of their own for that."""
    return command if platform == "win32" else shlex.split(command)


def output_of(command: Process) -> str:
    completed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    return completed.stdout.decode("utf-8")


def from_botocore(profile: str) -> Optional[AwsCredentials]:
    """What botocore finds for the profile: None when it is not installed or finds nothing."""
    try:
        from botocore.exceptions import BotoCoreError
        from botocore.session import Session
    except ImportError:
        return None
    try:
        found: Any = Session(profile=None if profile == "default" else profile).get_credentials()
        frozen = found.get_frozen_credentials() if found is not None else None
    except BotoCoreError as error:
        raise SignInRequired(
            Text(
                "the AWS profile '{profile}' gave no credentials ({error})", profile=profile, error=type(error).__name__
            ),
            next_step="Run 'aws sso login', or whatever this profile needs.",
        ) from None
    return AwsCredentials(frozen.access_key, frozen.secret_key, frozen.token or "") if frozen is not None else None


def _from_environment(environ: Mapping[str, str]) -> Optional[AwsCredentials]:
    key, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    return AwsCredentials(key, secret, environ.get("AWS_SESSION_TOKEN", "")) if key and secret else None


def _read(path: Path) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, default_section=""
    )  # "default" is one like others
    try:
        parser.read(path.expanduser(), encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise SignInRequired(
            Text("the AWS file {path} cannot be read ({error})", path=path, error=type(error).__name__),
            next_step="Correct it, or run 'aws configure'.",
        ) from None
    return {section: dict(parser[section]) for section in parser.sections()}


def _seconds(expiration: Optional[str]) -> Optional[float]:
    if not expiration:
        return None
    return datetime.fromisoformat(expiration.replace("Z", "+00:00")).timestamp()
