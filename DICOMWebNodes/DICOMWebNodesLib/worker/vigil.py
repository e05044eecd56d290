"""Whether a worker process that has been asked something is still there: looked at now and then, never waited for.

A process can be alive and do nothing any more: it was stopped, a thread holds Python's lock, its program lies on a file
system that hangs. A quiet one is no proof of it: a transfer that waits for its server, or is paused, has nothing to say
for hours. So a silent worker is asked ("ping"), and the thread that reads its requests answers, whatever its jobs do.

What counts is how often we looked in vain, not what the clock says meanwhile: a computer that slept, or a window that
was busy for minutes, looked once, and reads what has come in between before it looks again.
"""

from __future__ import annotations

from enum import Enum

LOOK = 5  # seconds from one look to the next
ASK = 2  # looks in silence, then it is asked
GIVE_UP = 14  # looks in silence, 70 s, then it is given up
GIVE_UP_START = 60  # of one that has not begun: a cold disk or a virus scanner may hold it up for minutes


class Look(Enum):
    """What the client does about a worker that it has not heard of."""

    FINE = "fine"
    ASK = "ask"
    GIVE_UP = "give up"


class Vigil:
    """Over one worker process."""

    def __init__(self) -> None:
        self._silent = 0

    def heard(self) -> None:
        """It has said something, whatever it was: also one of an older version, which refuses to be asked."""
        self._silent = 0

    def look(self, has_begun: bool) -> Look:
        """What to do now; once each ``LOOK`` seconds. The first word of one that starts is awaited longer, and it has
        been asked for it already."""
        self._silent += 1
        if self._silent >= (GIVE_UP if has_begun else GIVE_UP_START):
            return Look.GIVE_UP
        return Look.ASK if has_begun and self._silent == ASK else Look.FINE

    @property
    def seconds(self) -> int:
        """Since it was heard, at least."""
        return self._silent * LOOK
