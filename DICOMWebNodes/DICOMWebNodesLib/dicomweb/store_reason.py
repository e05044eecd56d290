"""Why an origin server did not store an instance, or not as it was, in words.

The codes are those of the Failure Reason (0008,1197) and the Warning Reason (0008,1196) in PS3.18 section I.2, of
PS3.7 annex C on which they build, and those that servers have added.
"""

from __future__ import annotations

from typing import Mapping, Optional

from ..text import Text

# The server has an instance of this UID already: what was to be reached is reached.
ALREADY_THERE = frozenset({0x0111, 0xB00E})
# What may be said of an instance that is there already too: whether it is, a search tells.
UNSPECIFIC = frozenset({None, 0x0110})

_REASONS: Mapping[int, str] = {
    0x0105: Text("the server knows no such attribute"),
    0x0106: Text("an attribute has a value that the server does not take"),
    0x0107: Text("the server does not take some of the attributes"),
    0x0110: Text("the server could not process it"),
    0x0111: Text("the server has an instance with this UID already"),
    0x0112: Text("the server knows no such instance"),
    0x0115: Text("a value is not valid"),
    0x0116: Text("a value is out of range"),
    0x0117: Text("the UID of the instance is not valid"),
    0x0118: Text("the server knows no such SOP class"),
    0x0119: Text("the SOP class is not the one that the server knows the instance by"),
    0x0120: Text("an attribute is missing"),
    0x0121: Text("an attribute has no value"),
    0x0122: Text("the server does not store this SOP class"),
    0x0124: Text("you are not authorised to store it"),
    0x0131: Text("the transaction is already in use"),
    0x0210: Text("the request came twice"),
    0x0211: Text("the server does not know this operation"),
    0x0212: Text("the server does not understand the request"),
    0x0213: Text("the server has not enough resources"),
    0xA700: Text("the server is out of resources"),
    0xA900: Text("the data set does not match its SOP class"),
    0xA901: Text("it belongs to another study"),
    0xB000: Text("the server changed attributes of it"),
    0xB006: Text("the server left attributes out of it"),
    0xB007: Text("the data set does not match its SOP class"),
    0xB00E: Text("the server has this instance already"),
    0xB00F: Text("somebody else is storing the same instance at this moment"),
    0xC000: Text("the server does not understand the data set"),
    0xC122: Text("the server does not store this transfer syntax"),
}
# By the first digits, of classes of codes (PS3.4 table B.2-1).
_CLASSES: Mapping[int, str] = {0xA7: _REASONS[0xA700], 0xA9: _REASONS[0xA900]}


def reason_in_words(code: Optional[int]) -> str:
    """What ``code`` means, with the code in hexadecimal, as the standard and servers' logs write it."""
    if code is None:
        return Text("the server did not say why")
    words = _REASONS.get(code) or _CLASSES.get(code >> 8)
    if words is None:
        words = _REASONS[0xC000] if code >> 12 == 0xC else Text("the server gave a reason that is not in the standard")
    return Text("{words} (reason {code}H)", words=words, code=f"{code:04X}")
