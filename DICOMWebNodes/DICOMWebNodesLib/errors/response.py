"""An HTTP answer that is no success."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .base import DICOMWebNodesError


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
