"""The line below the results: how many there are, who is still waited for, and what is missing."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from slicer.i18n import tr as _

from . import words

_NAMED = 3  # nodes; of more, only the number is said
_LENGTH = 32  # characters of a name


class Status:
    """Texts of ``label``; a remark stays until the next search."""

    def __init__(self, label: Any) -> None:
        self._label = label
        self._remarks: List[str] = []
        self._unreadable = 0
        self._waiting: Sequence[str] = ()
        self._told = ""
        self._is_running = False
        self._has_searched = False
        self._count = 0

    def clear(self) -> None:
        self._remarks, self._unreadable, self._count = [], 0, 0
        self._has_searched, self._told = False, ""
        self._show()

    def set_running(self, running: bool, waiting: Sequence[str] = ()) -> None:
        """``waiting``: names of the nodes that have not ended, when there are several."""
        self._is_running, self._waiting = running, tuple(waiting)
        self._has_searched |= running
        self._show()

    def set_count(self, count: int) -> None:
        self._count = count
        self._show()

    def remark(self, text: str) -> None:
        if text not in self._remarks:
            self._remarks.append(text)
        self._show()

    def tell(self, text: str) -> None:
        """What has just been done, until something else is."""
        self._told = text
        self._show()

    def take_back(self, text: str) -> None:
        """A remark that is true no more."""
        self._remarks = [each for each in self._remarks if each != text]
        self._show()

    def count_unreadable(self) -> None:
        self._unreadable += 1

    def _show(self) -> None:
        remarks = [*self._left_out(), *self._remarks]
        if not self._has_searched:
            self._label.text = ""
            return
        texts: Dict[int, str] = {0: _("no studies"), 1: _("1 study")}
        found = texts.get(self._count, _("{n} studies").format(n=words.number(self._count)))
        state = _("{found} so far...") if self._is_running else _("{found} found.")
        self._label.text = "\n".join(
            [
                words.sentence(f"{state.format(found=found)} {self._waited_for()}".strip()),
                *map(words.full_sentence, remarks),
                *filter(None, (self._told,)),
            ]
        )

    def _waited_for(self) -> str:
        if not self._is_running or not self._waiting:
            return ""
        if len(self._waiting) > _NAMED:
            return _("Waiting for {n} nodes.").format(n=len(self._waiting))
        return _("Waiting for {names}.").format(
            names=", ".join(words.shortened(name, _LENGTH) for name in self._waiting)
        )

    def _left_out(self) -> List[str]:
        if not self._unreadable:
            return []
        told = _("{n} of the server's results have no valid Study Instance UID and are left out.")
        return [told.format(n=words.number(self._unreadable))]
