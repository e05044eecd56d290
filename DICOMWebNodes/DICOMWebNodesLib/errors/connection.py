"""No HTTP answer."""

from __future__ import annotations

from .base import DICOMWebNodesError


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


class NoTLS(TLSFailed):
    code = "no-tls"
    next_step = "Check the port in the node's URL; a server without TLS is reached with http://, not https://."


class ProxyFailed(ConnectionFailed):
    code = "proxy-failed"
    next_step = "Check the node's proxy."


class ProxyAuthenticationRequired(ProxyFailed):
    code = "proxy-authentication-required"
    next_step = (
        "Give its user name and password beside the node's proxy; or in the environment, as "
        "HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT (and HTTP_PROXY for http), and start again."
    )
