"""What a person has to do to sign in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class Prompt:
    """Open ``url``; with the device code grant, also enter ``user_code`` there, unless the URL has it already.

    ``short_url`` is the one to type by hand on another computer (verification_uri).
    """

    url: str = field(repr=False)
    user_code: str = field(default="", repr=False)
    short_url: str = ""


Prompter = Callable[[Prompt], None]
