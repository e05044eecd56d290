"""What is wrong with a form, told at the field that it is wrong in."""

from __future__ import annotations

from typing import Any, Collection, Mapping, Optional

from DICOMWebNodesHost.sentences import sentencesOf
from DICOMWebNodesLib.errors import DICOMWebNodesError


def marked(problem: Optional[DICOMWebNodesError]) -> str:
    """With the sign that tells it from the help that stands in the same places; "" when there is none."""
    return f"✘ {sentencesOf(problem)}" if problem is not None else ""


class FieldProblems:
    """``labels``: below the fields, by the name of the field; ``rest``: the label for what belongs to none of them.

    A field inside of ``section``, a collapsible button that is closed, tells in ``rest`` too.
    """

    def __init__(self, labels: Mapping[str, Any], rest: Any, section: Any, in_section: Collection[str]) -> None:
        self._labels = labels
        self._rest = rest
        self._section = section
        self._in_section = in_section

    def tell(self, problem: Optional[DICOMWebNodesError], elsewhere: Collection[str] = ()) -> None:
        """``elsewhere``: fields whose problems are told in another way, or not yet."""
        field = getattr(problem, "field", "")
        text = marked(problem) if field not in elsewhere else ""
        is_folded = field in self._in_section and self._section.collapsed
        for name, label in self._labels.items():
            is_here = bool(text) and name == field and not is_folded
            label.text = text if is_here else ""
            label.visible = is_here
        is_left = bool(text) and (field not in self._labels or is_folded)
        self._rest.text = text if is_left else ""
        self._rest.visible = is_left
