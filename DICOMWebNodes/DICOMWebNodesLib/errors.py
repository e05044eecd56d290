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
    │   ├── TLSFailed
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

from typing import Any, Dict, Optional


class DICOMWebNodesError(Exception):
    """What happened, to which node, and what to do.

    ``cause`` is a sentence without a full stop; ``asked`` completes "could not ..."; ``detail`` is what the
    server sent, shortened and without secrets, for a "Details" button. ``code`` is stable across versions:
    the worker process sends it instead of the class.
    """

    code = "error"
    next_step = ""

    def __init__(
        self,
        cause: str,
        *,
        node: str = "",
        asked: str = "",
        next_step: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.node = node
        self.asked = asked
        self.next_step = next_step or type(self).next_step
        self.detail = detail

    def __str__(self) -> str:
        where = f"{self.node}: " if self.node else ""
        what = f"could not {self.asked}: " if self.asked else ""
        then = f" {self.next_step}" if self.next_step else ""
        return f"{where}{what}{self.cause}.{then}"

    def about(self, *, node: str = "", asked: str = "") -> DICOMWebNodesError:
        """Fill in the node and the request where they are still unknown; for ``raise error.about(...)``."""
        self.node = self.node or node
        self.asked = self.asked or asked
        return self

    def as_dict(self) -> Dict[str, Any]:
        """The fields as JSON values, for the worker's protocol and ``--json``."""
        fields = ("code", "cause", "node", "asked", "next_step", "detail")
        return {name: getattr(self, name) for name in fields}


# --- what a person or a script gave -------------------------------------------------------------------------


class InvalidValue(DICOMWebNodesError, ValueError):
    """A value that cannot be right. ``field`` names the field, for a message beside it."""

    code = "invalid-value"

    def __init__(self, cause: str, *, field: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.field = field

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "field": self.field}


class InvalidURL(InvalidValue):
    code = "invalid-url"


class InvalidHeader(InvalidValue):
    code = "invalid-header"


class InvalidUID(InvalidValue):
    code = "invalid-uid"


class InvalidQuery(InvalidValue):
    code = "invalid-query"


class InvalidNode(InvalidValue):
    code = "invalid-node"


class InvalidManifest(InvalidValue):
    code = "invalid-manifest"


class InvalidAuthMethod(InvalidValue):
    code = "invalid-auth-method"


# --- the node store -----------------------------------------------------------------------------------------


class NodeStoreError(DICOMWebNodesError):
    code = "node-store"


class NodeNotFound(NodeStoreError):
    code = "node-not-found"
    next_step = "'nodes list' shows the nodes there are."


class NodeNameTaken(NodeStoreError):
    code = "node-name-taken"
    next_step = "Choose another name."


class NodeReadOnly(NodeStoreError):
    code = "node-read-only"
    next_step = "Duplicate it and change the copy."


class UnsupportedService(NodeStoreError):
    code = "unsupported-service"
    next_step = "Use a node whose service type offers it."


class StoreUnavailable(NodeStoreError):
    code = "store-unavailable"


# --- authentication -----------------------------------------------------------------------------------------


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


# --- no answer ----------------------------------------------------------------------------------------------


class ConnectionFailed(DICOMWebNodesError):
    code = "connection-failed"
    next_step = "Check the network and the node's URL."


class NameNotResolved(ConnectionFailed):
    code = "name-not-resolved"
    next_step = "Check the host name in the node's URL, and the network (VPN?)."


class ConnectionRefused(ConnectionFailed):
    code = "connection-refused"
    next_step = "Check the port in the node's URL and that the server is running."


class ConnectionLost(ConnectionFailed):
    code = "connection-lost"
    next_step = "Try again; a transfer resumes where it was."


class TimedOut(ConnectionFailed):
    code = "timed-out"
    next_step = "Try again, or raise the node's timeouts."


class TLSFailed(ConnectionFailed):
    code = "tls-failed"
    next_step = "Give the node the CA file of your institution, or correct the host name in its URL."


class ProxyFailed(ConnectionFailed):
    code = "proxy-failed"
    next_step = "Check the node's proxy."


class ProxyAuthenticationRequired(ProxyFailed):
    code = "proxy-authentication-required"
    next_step = (
        "Give its user name and password in the environment, as HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT "
        "(and HTTP_PROXY for http), and start again."
    )


# --- an answer that is no success ---------------------------------------------------------------------------


class ResponseError(DICOMWebNodesError):
    """An HTTP status that is not a success (RFC 9110 section 15). ``retry_after``: seconds, when the server said."""

    code = "response"
    next_step = "Check the node's URL, and what was asked for."

    def __init__(self, cause: str, *, status: int, retry_after: Optional[float] = None, **context: str) -> None:
        super().__init__(cause, **context)
        self.status = status
        self.retry_after = retry_after

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "status": self.status}


class Unauthorized(ResponseError):
    code = "unauthorized"
    next_step = "Sign in, or check the user name, password or token of this node."


class Forbidden(ResponseError):
    code = "forbidden"
    next_step = "Ask the server's administrator for the right to do this."


class NotFound(ResponseError):
    code = "not-found"
    next_step = "Check the node's URL and the identifiers."


class NotAcceptable(ResponseError):
    code = "not-acceptable"
    next_step = "Choose another transfer syntax in the node's advanced settings."


class Conflict(ResponseError):
    code = "conflict"


class Gone(ResponseError):
    code = "gone"
    next_step = "Ask the server's administrator to bring it back from the archive."


class PayloadTooLarge(ResponseError):
    code = "payload-too-large"
    next_step = "Narrow the search, or send smaller batches."


class TooManyRequests(ResponseError):
    code = "too-many-requests"
    next_step = "Wait a little and try again; fewer parallel series help."


class ServerError(ResponseError):
    code = "server-error"
    next_step = "Try again later; if it stays, the server's log tells its administrator why."


class RedirectRefused(ResponseError):
    code = "redirect-refused"
    next_step = "If the server has moved, put the new address into the node's URL."


# --- a success that breaks the protocol ---------------------------------------------------------------------


class ProtocolError(DICOMWebNodesError):
    code = "protocol"


class NotDICOMweb(ProtocolError):
    code = "not-dicomweb"
    next_step = "Check the path in the node's URL: a DICOMweb service often lives under /dicom-web or /rs."


class MalformedMultipart(ProtocolError):
    code = "malformed-multipart"


class TruncatedMultipart(MalformedMultipart):
    """The body ended before its closing delimiter. ``whole_parts``: how many parts were complete."""

    code = "truncated-multipart"

    def __init__(self, cause: str, *, whole_parts: int, **context: str) -> None:
        super().__init__(cause, **context)
        self.whole_parts = whole_parts


class MalformedJSON(ProtocolError):
    code = "malformed-json"


class MalformedAttribute(MalformedJSON):
    code = "malformed-attribute"


class MalformedInstance(ProtocolError):
    code = "malformed-instance"


class MalformedStoreResponse(ProtocolError):
    code = "malformed-store-response"


class LimitExceeded(ProtocolError):
    code = "limit-exceeded"


# --- this side of a transfer --------------------------------------------------------------------------------


class TransferError(DICOMWebNodesError):
    code = "transfer"


class Cancelled(TransferError):
    code = "cancelled"
    next_step = "Start it again to resume where it was."


class DiskFull(TransferError):
    code = "disk-full"
    next_step = "Free some space or choose another folder, then start it again: it resumes where it was."


class NotWritable(TransferError):
    code = "not-writable"
    next_step = "Choose a folder that you may write to."


class IncompleteTransfer(TransferError):
    """Instances are missing at the end. ``summary``: a :class:`~DICOMWebNodesLib.transfer.events.Summary`."""

    code = "incomplete-transfer"
    next_step = "Start it again: what is there already is not fetched twice."

    def __init__(self, cause: str, *, summary: Any, **context: str) -> None:
        super().__init__(cause, **context)
        self.summary = summary


# --- around the library ---------------------------------------------------------------------------------------


class NoPicture(DICOMWebNodesError):
    """What is shown instead of a preview: ``modality`` ("SR", or "" when it is not known) and the cause."""

    code = "no-picture"

    def __init__(self, cause: str, *, modality: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.modality = modality

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "modality": self.modality}


class WorkerFailed(DICOMWebNodesError):
    code = "worker-failed"
    next_step = "Try again: the worker starts anew, and a transfer resumes where it was."


class DatabaseUnavailable(DICOMWebNodesError):
    """``offer``: what helps, "open", "choose-folder" or "update" its schema."""

    code = "database-unavailable"

    def __init__(self, cause: str, *, offer: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.offer = offer

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "offer": self.offer}
