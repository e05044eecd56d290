"""Newer Weasis's JSON files: the rules of its XML files, whatever stands where something else should."""

from __future__ import annotations

import copy
import json
import random
from typing import Any, Iterator, List, Tuple

from DICOMWebNodesLib.nodes.weasis_json import weasis_root
from fuzz import mutations
from fuzz.targets.weasis import check_root

_ODD: List[Any] = [
    *(
        None,
        True,
        7,
        1.5,
        "",
        "WEB",
        "STOWRS",
        "NO_AUTH",
        "http://a.example",
        "https://u:p@a/",
        "a\nb",
        "\ud800",
        "x" * 3000,
    ),
    *([], {}, ["x"], {"X-Api-Key": "hush-hush", "Host": "evil", "X": 7, "": "y", "a:b": "c"}),
]


def mutated(corpus: List[bytes], rng: random.Random) -> bytes:
    """Mostly JSON with odd values in odd places; sometimes just damaged bytes."""
    if rng.randrange(4) == 0:
        return mutations.mutated(corpus, rng)
    document = json.loads(rng.choice(corpus))
    for _ in range(rng.randint(1, 5)):
        holder, key = rng.choice(list(_places(document)))
        if rng.randrange(5) == 0:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(rng.choice([*_ODD, {"extends": "user.node.pacs"}]))
    return json.dumps(document).encode()


def _places(value: Any) -> Iterator[Tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)
    if not items:
        yield [None], 0


def check(data: bytes, rng: random.Random) -> None:
    root = weasis_root(data)
    if root is not None:
        check_root(root, data)
