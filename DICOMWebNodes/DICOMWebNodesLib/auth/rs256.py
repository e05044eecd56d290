"""RS256 (RFC 7518 section 3.3): RSASSA-PKCS1-v1_5 with SHA-256, by the cryptography package or the openssl program."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import Optional

from ..errors import AuthenticationError


def sign(message: bytes, private_key: str) -> bytes:
    """``private_key`` is PEM, PKCS #8. Raises AuthenticationError, which does not quote the key."""
    for way in (with_cryptography, with_openssl):
        signature = way(message, private_key)
        if signature is not None:
            return signature
    raise AuthenticationError(
        "the key of a service account needs the Python package cryptography, or openssl, to sign with",
        next_step="Install it with 'python -m pip install cryptography'.",
    )


def with_cryptography(message: bytes, private_key: str) -> Optional[bytes]:
    """None when the package is not installed."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError:
        return None
    try:
        key = serialization.load_pem_private_key(private_key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key() from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _no_key()
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def with_openssl(message: bytes, private_key: str) -> Optional[bytes]:
    """None when there is no such program. The key goes through a pipe: no file and no command line has it."""
    if sys.platform == "win32":  # has no name for a pipe that was handed down
        return None
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            ["openssl", "dgst", "-sha256", "-sign", f"/dev/fd/{reading}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(reading,),
        )
    except FileNotFoundError:
        os.close(writing)
        return None
    finally:
        os.close(reading)
    with process:
        with contextlib.suppress(BrokenPipeError), open(writing, "wb") as pipe:
            pipe.write(private_key.encode())  # smaller than a pipe, so that this does not wait
        signature, _ = process.communicate(message, timeout=30)
    if process.returncode != 0:
        raise _no_key()
    return signature


def _no_key() -> AuthenticationError:
    return AuthenticationError(
        "the private key of the service account is not an RSA key that can be read",
        next_step="Create a new key for the service account.",
    )
