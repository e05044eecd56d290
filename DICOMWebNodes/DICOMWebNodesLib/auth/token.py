"""A token as the token endpoint gave it, and how long it is good for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Optional

# Renewed this long before it expires, so that a request on its way does not meet an expired token ...
_AHEAD = 30.0  # seconds
# ... but not before this part of its life is over, or a short-lived one would be renewed all the time.
_YOUTH = 0.75


@dataclass(frozen=True)
class Token:
    """A successful access token response (RFC 6749 section 5.1). Times are seconds since the epoch, by our clock."""

    access_token: str = field(repr=False)
    obtained_at: float
    lifetime: Optional[float] = None  # seconds; None: the provider did not say
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    account: str = ""  # whose it is, as a person knows it
    id_token: str = field(default="", repr=False, compare=False)

    @property
    def expires_at(self) -> Optional[float]:
        return None if self.lifetime is None else self.obtained_at + self.lifetime

    def age(self, now: float) -> float:
        return now - self.obtained_at

    def is_expired(self, now: float) -> bool:
        return self.lifetime is not None and not -_AHEAD <= self.age(now) < self.lifetime

    def is_due(self, now: float) -> bool:
        """Whether it is time to renew it. A clock that was set back makes every token due."""
        if self.lifetime is None:
            return False
        age = self.age(now)
        return age >= max(self.lifetime - _AHEAD, self.lifetime * _YOUTH) or age < -_AHEAD

    def to_json(self) -> str:
        """For the secret store; the ID token has served its purpose at sign-in and is left out."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "id_token"})

    @classmethod
    def from_json(cls, text: str) -> Optional[Token]:
        """What :meth:`to_json` wrote; None for anything else: a store can be damaged, and signing in repairs it."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            return None
