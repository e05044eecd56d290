"""TLS as a person configured it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..errors import InvalidNode
from ..text import Text
from .field_values import checked_flag, checked_text


@dataclass(frozen=True)
class TLS:
    """How the server proves who it is, and how we do. Files are PEM; "" is none; "~" is expanded."""

    verify: bool = True
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""  # "": the key is in the file of the certificate

    def __post_init__(self) -> None:
        checked_flag(self.verify, "verify")
        for name in ("ca_file", "client_certificate", "client_key"):
            path = checked_text(getattr(self, name), name)
            object.__setattr__(self, name, os.path.expanduser(path))
        if self.client_key and not self.client_certificate:
            raise InvalidNode(
                Text("there is a client key, '{client_key}', and no client certificate", client_key=self.client_key),
                field="client_certificate",
                next_step="Give the certificate that belongs to the key.",
            )
