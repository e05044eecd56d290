"""How nodes that are selected go up or down in their list."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Collection, List, Sequence, Tuple


def moves(order: Sequence[Any], chosen: Collection[Any], step: int) -> List[Tuple[Any, int]]:
    """What goes where in ``order`` so that all that are ``chosen`` go up (``step`` -1) or down (1) by one place; none
    when one of them is not in it. It does not matter which is done first.

    Of those that stand together it is their neighbour that moves, to their other side: one change, however many they
    are.
    """
    if not set(chosen) <= set(order):
        return []
    found = []
    for is_chosen, group in groupby(range(len(order)), lambda place: order[place] in chosen):
        places = list(group)
        neighbour, other_side = (places[0] - 1, places[-1]) if step < 0 else (places[-1] + 1, places[0])
        if is_chosen and 0 <= neighbour < len(order):
            found.append((order[neighbour], other_side))
    return found
