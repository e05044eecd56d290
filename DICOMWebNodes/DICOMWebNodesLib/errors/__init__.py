"""Every error that this library raises, in one tree.

::

    DICOMWebNodesError
    ├── InvalidValue                what a person or a script gave cannot be right (also a ValueError)
    │   ├── InvalidURL              a node's or endpoint's address
    │   ├── InvalidHeader           an HTTP header field (RFC 9110 section 5)
    │   ├── InvalidUID              a DICOM unique identifier (PS3.5 section 9.1)
    │   ├── InvalidQuery            a matching attribute, a date, a range, a page
    │   ├── InvalidNode             any other field of a node
    │   ├── InvalidManifest         a manifest or link of somebody else
    │   └── InvalidAuthMethod       a field of an authentication method, its provider or its registration
    ├── NodeStoreError              the file that holds the nodes
    │   ├── NodeNotFound
    │   ├── NodeNameTaken
    │   ├── NodeReadOnly            a predefined node
    │   ├── UnsupportedService      the node's service type does not offer what was asked
    │   └── StoreUnavailable        cannot be read, written or locked
    ├── AuthenticationError         the way to a credential
    │   ├── SignInRequired          no valid token; a person has to sign in
    │   ├── SignInFailed            the provider or the person refused
    │   ├── SignInCancelled
    │   ├── SignInTimedOut
    │   ├── AuthMethodNotFound
    │   ├── AuthMethodInUse         nodes point to it
    │   ├── PlainHTTPRefused        a secret would travel where others can read it, and nobody said yes
    │   ├── SecretUnavailable       the secret store does not have it or does not open
    │   └── PackageMissing          a Python package that only some ways of signing in need
    ├── ConnectionFailed            no HTTP answer
    │   ├── NameNotResolved
    │   ├── ConnectionRefused
    │   ├── ConnectionLost          reset or closed, before or in the middle of the answer
    │   ├── TimedOut
    │   ├── TLSFailed               (NoTLS: the server speaks something else, mostly plain http)
    │   └── ProxyFailed             (ProxyAuthenticationRequired: it wants a user name and a password)
    ├── ResponseError               an HTTP answer that is not a success; has ``status``
    │   ├── Unauthorized            401
    │   ├── Forbidden               403
    │   ├── NotFound                404
    │   ├── NotAcceptable           406
    │   ├── Conflict                409
    │   ├── Gone                    410
    │   ├── PayloadTooLarge         413
    │   ├── TooManyRequests         429
    │   ├── ServerError             5xx
    │   └── RedirectRefused         3xx that leads to another host, or round in a circle
    ├── ProtocolError               a success whose content breaks the protocol
    │   ├── NotDICOMweb             HTML, or anything else that no DICOMweb service sends
    │   ├── MalformedMultipart      (TruncatedMultipart: ended before the closing delimiter)
    │   ├── MalformedJSON           (MalformedAttribute: DICOM JSON with a value of the wrong type)
    │   ├── MalformedInstance       a part that is not a DICOM Part 10 file, or another instance than its name says
    │   ├── MalformedStoreResponse
    │   └── LimitExceeded           more than this library takes from a server
    ├── TransferError               what happens on this side of a transfer
    │   ├── Cancelled
    │   ├── DiskFull
    │   ├── NotWritable
    │   └── IncompleteTransfer      instances are missing at the end; has ``summary``
    ├── NoPicture                   an instance that cannot be shown as a picture here; has ``modality``
    ├── WorkerFailed                the worker process does not start, died, or speaks another version
    └── DatabaseUnavailable         the host's DICOM database cannot take instances; has ``offer``

A message names the node, what was asked, what came back and the next step. Only the command line and the
user interface turn an error into text for people; everything else passes it on.
"""

from __future__ import annotations

from .authentication import (
    AuthenticationError,
    AuthMethodInUse,
    AuthMethodNotFound,
    PackageMissing,
    PlainHTTPRefused,
    SecretUnavailable,
    SignInCancelled,
    SignInFailed,
    SignInRequired,
    SignInTimedOut,
)
from .base import (
    DICOMWebNodesError,
)
from .connection import (
    ConnectionFailed,
    ConnectionLost,
    ConnectionRefused,
    NameNotResolved,
    NoTLS,
    ProxyAuthenticationRequired,
    ProxyFailed,
    TimedOut,
    TLSFailed,
)
from .protocol import (
    LimitExceeded,
    MalformedAttribute,
    MalformedInstance,
    MalformedJSON,
    MalformedMultipart,
    MalformedStoreResponse,
    NotDICOMweb,
    ProtocolError,
    TruncatedMultipart,
)
from .response import (
    Conflict,
    Forbidden,
    Gone,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    RedirectRefused,
    ResponseError,
    ServerError,
    TooManyRequests,
    Unauthorized,
)
from .stores import (
    NodeNameTaken,
    NodeNotFound,
    NodeReadOnly,
    NodeStoreError,
    StoreUnavailable,
    UnsupportedService,
)
from .transfers import (
    Cancelled,
    DatabaseUnavailable,
    DiskFull,
    IncompleteTransfer,
    NoPicture,
    NotWritable,
    TransferError,
    WorkerFailed,
)
from .values import (
    InvalidAuthMethod,
    InvalidHeader,
    InvalidManifest,
    InvalidNode,
    InvalidQuery,
    InvalidUID,
    InvalidURL,
    InvalidValue,
)

__all__ = [
    "AuthMethodInUse",
    "AuthMethodNotFound",
    "AuthenticationError",
    "Cancelled",
    "Conflict",
    "ConnectionFailed",
    "ConnectionLost",
    "ConnectionRefused",
    "DICOMWebNodesError",
    "DatabaseUnavailable",
    "DiskFull",
    "Forbidden",
    "Gone",
    "IncompleteTransfer",
    "InvalidAuthMethod",
    "InvalidHeader",
    "InvalidManifest",
    "InvalidNode",
    "InvalidQuery",
    "InvalidUID",
    "InvalidURL",
    "InvalidValue",
    "LimitExceeded",
    "MalformedAttribute",
    "MalformedInstance",
    "MalformedJSON",
    "MalformedMultipart",
    "MalformedStoreResponse",
    "NameNotResolved",
    "NoPicture",
    "NoTLS",
    "NodeNameTaken",
    "NodeNotFound",
    "NodeReadOnly",
    "NodeStoreError",
    "NotAcceptable",
    "NotDICOMweb",
    "NotFound",
    "NotWritable",
    "PackageMissing",
    "PayloadTooLarge",
    "PlainHTTPRefused",
    "ProtocolError",
    "ProxyAuthenticationRequired",
    "ProxyFailed",
    "RedirectRefused",
    "ResponseError",
    "SecretUnavailable",
    "ServerError",
    "SignInCancelled",
    "SignInFailed",
    "SignInRequired",
    "SignInTimedOut",
    "StoreUnavailable",
    "TLSFailed",
    "TimedOut",
    "TooManyRequests",
    "TransferError",
    "TruncatedMultipart",
    "Unauthorized",
    "UnsupportedService",
    "WorkerFailed",
]
