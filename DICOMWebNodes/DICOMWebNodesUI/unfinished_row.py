"""The row of a transfer that an earlier session has left unfinished."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from slicer.i18n import tr as _

from . import table, words
from .transfer_rows import STATE, TITLE


class UnfinishedRow:
    """A transfer of an earlier session, an import or a send, as the logic lists it."""

    job: Optional[Any] = None
    series: Mapping[str, Any] = {}
    is_settled = False

    def __init__(self, logic: Any, unfinished: Any, number: int, title: str) -> None:
        self.unfinished = unfinished
        self._logic = logic
        self._is_import = hasattr(unfinished, "resources")
        self._host = getattr(unfinished, "manifestHost", "")
        self._confirmed = 0 if self._is_import else logic.confirmedOf(unfinished)  # files that the server says it has
        self.title = title
        self.is_shown = True
        self.is_elsewhere = False  # another Slicer works on it
        self.items = table.row([title, "", "", "", ""], number)
        self.show_elsewhere(False)

    def show_elsewhere(self, is_elsewhere: bool) -> None:
        self.is_elsewhere = is_elsewhere
        table.set_text(self.items[STATE], _("in another Slicer") if is_elsewhere else _("not finished"))

    def look(self) -> bool:
        """What has become of it, in this Slicer or another one that has the database open: whether it is still to be
        shown."""
        standing = self._logic.standingOf(self.unfinished).name
        is_elsewhere = standing == "UNDER_WAY"
        if is_elsewhere != self.is_elsewhere:
            self.show_elsewhere(is_elsewhere)
        return standing != "GONE"

    def rename(self, title: str) -> None:
        self.title = title
        table.set_text(self.items[TITLE], title)

    @property
    def can_resume(self) -> bool:
        return not self._host and not self.is_elsewhere

    @property
    def can_cancel(self) -> bool:
        return not self.is_elsewhere

    def resume(self) -> None:
        resume = self._logic.resumeImport if self._is_import else self._logic.resumeSend
        resume(self.unfinished)

    def cancel(self) -> None:
        """Nobody is offered it again."""
        forget = self._logic.forgetImport if self._is_import else self._logic.forgetSend
        forget(self.unfinished)

    def pace(self) -> str:
        return ""

    def reason(self) -> str:
        if self.is_elsewhere:
            return _(
                "Another Slicer that has this DICOM database open has taken it up. Look there how far it is; when it "
                "ends there without having finished, it can be resumed here."
            )
        if self._host:
            return _(
                "A manifest or link asked {host} for this, and what it brought for that is not kept. Open it again "
                "(Import, Open link...): only what is missing is fetched. Cancel forgets it."
            ).format(host=self._host)
        told = _("The server has confirmed {n} of it, which will not be sent again.") if self._confirmed else ""
        text = _("This was not finished. Resume brings what is missing, Cancel forgets it.")
        return "\n".join(filter(None, (text, told.format(n=words.number(self._confirmed)))))
