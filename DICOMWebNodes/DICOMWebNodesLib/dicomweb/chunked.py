"""The chunked transfer coding (RFC 9112 section 7.1) by the bufferful.

Many servers send chunks of a few kilobytes, and http.client gives one of them at a time: the way up through all layers,
for each, costs many times as much as to receive it.
"""

from __future__ import annotations

import re
from typing import List, Tuple

_NEXT = re.compile(rb"\r\n([0-9A-Fa-f]{1,15})\r\n")  # with extensions and the like it is http.client's
_NEXT_HAS_BEGUN = re.compile(rb"(?:\r(?:\n(?:[0-9A-Fa-f]{1,15}\r?)?)?)?")


def chunks_in(arrived: bytes, left: int) -> Tuple[List[memoryview], int, int]:
    """What ``arrived`` has of a body in chunks, how many bytes of it that uses up, and how much of the chunk that it
    ends in is still to come.

    ``left``: what is still to come of the chunk that ``arrived`` begins in; 0 when that ends before ``arrived``. What
    is not plainly data or the head of another chunk is left to who asks; so is the last chunk, which has no data.
    """
    content: List[memoryview] = []
    whole, used = memoryview(arrived), 0
    while used < len(whole):
        if left:
            content.append(whole[used : used + left])
            used += len(content[-1])
            left -= len(content[-1])
        else:
            head = _NEXT.match(arrived, used)
            size = int(head[1], 16) if head is not None else 0
            if head is None or not size:
                break
            used, left = head.end(), size
    return content, used, left


def is_begun(rest: bytes) -> bool:
    """Whether what follows the data of a chunk may become the plain head of another one, when more of it has come."""
    return _NEXT_HAS_BEGUN.fullmatch(rest) is not None
