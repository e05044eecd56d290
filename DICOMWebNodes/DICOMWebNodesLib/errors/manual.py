"""Which section of the README helps with an error. A test says that each of them is there."""

from __future__ import annotations

from typing import Dict, Type

from . import (
    AuthenticationError,
    ConnectionFailed,
    DatabaseUnavailable,
    DICOMWebNodesError,
    DiskFull,
    Forbidden,
    InvalidValue,
    NodeStoreError,
    NotDICOMweb,
    NotFound,
    NoTLS,
    NotWritable,
    PlainHTTPRefused,
    ProtocolError,
    ProxyFailed,
    ResponseError,
    SecretUnavailable,
    ServerError,
    SignInRequired,
    TLSFailed,
    TooManyRequests,
    TransferError,
    Unauthorized,
    WorkerFailed,
)

MANUAL = "https://github.com/DICOMWebNodes/SlicerDICOMWebNodes"

# The nearest of an error's classes counts.
SECTIONS: Dict[Type[DICOMWebNodesError], str] = {
    InvalidValue: "what-is-typed-is-refused",
    NodeStoreError: "nodes-cannot-be-read-or-kept",
    AuthenticationError: "signing-in-fails",
    SignInRequired: "sign-in-required",
    PlainHTTPRefused: "a-credential-over-plain-http",
    SecretUnavailable: "secrets-are-not-kept",
    ConnectionFailed: "the-server-does-not-answer",
    TLSFailed: "the-certificate-is-refused",
    NoTLS: "the-server-does-not-answer",
    ProxyFailed: "the-proxy-refuses",
    ResponseError: "the-server-refuses",
    Unauthorized: "401-and-403",
    Forbidden: "401-and-403",
    NotFound: "404-or-not-a-dicomweb-service",
    NotDICOMweb: "404-or-not-a-dicomweb-service",
    TooManyRequests: "the-server-is-busy-or-broken",
    ServerError: "the-server-is-busy-or-broken",
    ProtocolError: "the-answer-breaks-the-protocol",
    TransferError: "some-instances-are-missing",
    DiskFull: "the-disk-is-full-or-not-writable",
    NotWritable: "the-disk-is-full-or-not-writable",
    WorkerFailed: "the-worker-process-ended",
    DatabaseUnavailable: "the-dicom-database-takes-nothing",
}


def section_of(error: BaseException) -> str:
    """The anchor; "" when no section is about such an error."""
    return next((SECTIONS[kind] for kind in type(error).__mro__ if kind in SECTIONS), "")


def link_to(error: BaseException) -> str:
    anchor = section_of(error)
    return f"{MANUAL}#{anchor}" if anchor else MANUAL
