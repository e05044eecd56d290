"""What exports to a file and imports from one share: a dialog that asks which, and a job whose end is told."""

from __future__ import annotations

from typing import Any, Callable, List

from .follow import follow


class FileTask:
    """Keeps its dialogs on ``parent`` alive. ``told`` gets the account in words, ``failed`` an error."""

    def __init__(
        self, logic: Any, parent: Any, told: Callable[[str], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._logic = logic
        self._parent = parent
        self._told = told
        self._failed = failed
        self._jobs: List[Any] = []
        self.dialog: Any = None

    def forget(self) -> None:
        """What it tells is about to be destroyed."""
        self._jobs.clear()

    def _follow(self, job: Any, done: Callable[[Any], None]) -> None:
        follow(job, done, self._failed, self._jobs)
