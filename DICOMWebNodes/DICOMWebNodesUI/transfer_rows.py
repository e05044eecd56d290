"""The rows of the list of transfers: one for each transfer, one below it for each of its series."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from DICOMWebNodesHost.send_book import ARRIVED
from DICOMWebNodesHost.sentences import told, translated
from slicer.i18n import tr as _

from . import table, transfer_report, words

_SHOWN_FAILURES = 100  # of one series; all of them are in the details
TITLE, PROGRESS, SPEED, LEFT, STATE = range(5)


class TransferRow:
    """One import or send: its job, and its items in the model. ``bars``: ProgressBars."""

    def __init__(self, job: Any, number: int, title: str, bars: Any) -> None:
        self.job = job
        self.title = title
        self.is_shown = True
        self._bars = bars
        self.series: Dict[str, Any] = {}  # UID -> the newest SeriesProgress
        self.paused: Set[str] = set()  # UIDs of series: there may be thousands, of which each change is told
        self._series: Dict[str, List[Any]] = {}
        # Once for each row: to look up a text takes longer than to show one.
        self._states = transfer_report.states_in_words(job.name)
        self._series_states = transfer_report.series_states_in_words(job.name)
        self._of_all = _("{n} of {all}")
        self._progress: Any = getattr(job, "progress", None)
        self.items = table.row([title, "", "", "", ""], number)
        self._connections = [
            (job.changed, lambda job: self.update()),
            (job.progressed, self._progressed),
            (job.finished, lambda job: self.update()),
            (job.seriesChanged, self._series_changed),
        ]
        if job.name == "send":
            self._connections.append((job.found, self._settled))
        for signal, slot in self._connections:
            signal.connect(slot)
        self._series_changed(list(job.series.values()))
        if job.name == "send":
            self._settled(job.outcomes)
        self.update()

    def detach(self) -> None:
        """The items will go with their model: the job, which goes on, must not write into them any more."""
        for signal, slot in self._connections:
            signal.disconnect(slot)

    # --- the transfer -----------------------------------------------------------------------------------------------

    def update(self) -> None:
        state = self.job.state.name
        progress = self._progress
        received, expected = getattr(progress, "received", 0), getattr(progress, "expected", 0)
        part = 1.0 if state == "DONE" else getattr(progress, "part", 0.0)
        set_progress(
            self.items, self._bars, part, self.is_unsuccessful, self._count(received, expected) if received else ""
        )
        speed, left = self._speed_and_time_left()
        table.set_text(self.items[SPEED], speed)
        table.set_text(self.items[LEFT], left)
        told = self.state()
        table.set_text(self.items[STATE], told)
        self.items[STATE].setToolTip(", ".join(filter(None, (told, _pace(speed, left)))))

    def pace(self) -> str:
        """How fast it is and how long it will still take: "48.0 MB/s, 5 s left"; "" when it does not run."""
        return _pace(*self._speed_and_time_left())

    def _speed_and_time_left(self) -> Tuple[str, str]:
        if self.job.state.name != "RUNNING":
            return "", ""
        left = getattr(self._progress, "secondsLeft", None)
        speed = words.speed(getattr(self._progress, "bytesPerSecond", 0.0))
        return speed, words.duration(left) if left is not None else ""

    def rename(self, title: str) -> None:
        self.title = title
        table.set_text(self.items[TITLE], title)

    def state(self) -> str:
        """In a few words; an error's own words are in :meth:`reason`."""
        name = self.job.state.name
        if name == "DONE" and self.is_unsuccessful:
            return self._series_states["incomplete"]
        return self._states.get(name, name.lower())

    def reason(self) -> str:
        """Why it failed or is incomplete, what became of what was sent; "" when there is nothing to say."""
        if self.job.error is not None and self.job.state.name == "FAILED":
            return told(self.job.error)
        if not self.job.isOver:
            return ""
        failures = list(getattr(self.job.value, "failures", ()))
        lines = [transfer_report.counts_in_words(self.job)] if self.job.name == "send" else []
        lines += [transfer_report.failure_in_words(failure) for failure in failures[:5]]
        if len(failures) > 5:
            lines.append(_("and {n} more").format(n=len(failures) - 5))
        if self.job.name == "import":
            lines += filter(None, map(transfer_report.next_step_in_words, failures))
        return "\n".join(dict.fromkeys(map(words.sentence, lines)))

    @property
    def is_unsuccessful(self) -> bool:
        """Whether it is over and something is missing: it failed, was cancelled, or is incomplete."""
        complete = self.job.error is None and getattr(self.job.value, "complete", True)
        return self.job.isOver and not complete

    @property
    def is_settled(self) -> bool:
        """Whether it is over and nothing is missing."""
        return self.job.isOver and not self.is_unsuccessful

    def _progressed(self, progress: Any) -> None:
        self._progress = progress
        self.update()

    # --- its series ---------------------------------------------------------------------------------------------------

    def _series_changed(self, changed: List[Any]) -> None:
        for progress in changed:
            key = progress.series or progress.study
            before, self.series[key] = self.series.get(key), progress
            (self.paused.add if progress.state == "paused" else self.paused.discard)(key)
            items = self._series.get(key)
            if items is None:
                items = table.row(["", "", "", "", ""])
                items[TITLE].setData(key, table.DATA + 1)
                self._series[key] = items
                self.items[TITLE].appendRow(items)
            if before is None or (before.description, before.number) != (progress.description, progress.number):
                self._show_title(items[TITLE], progress)
            self._show_series(items, progress)

    def _show_title(self, item: Any, progress: Any) -> None:
        """By what it is called; by its place in the list, in parentheses, while that is not known. Its UID is in the
        tool tip."""
        key = progress.series or progress.study
        description = words.printable(progress.description).strip()
        if progress.number or description:
            title = words.series(progress.number, description)
        else:
            title = _("Series ({place})").format(place=item.row() + 1) if key else _("(no series)")
        item.setText(title)
        item.setToolTip(table.plain_tool_tip("\n".join(filter(None, (description, key)))))

    def _show_series(self, items: List[Any], progress: Any) -> None:
        expected = progress.expected
        part = progress.indexed / expected if expected else float(progress.isOver)
        failed = bool(progress.failed) or progress.state in ("incomplete", "cancelled")
        set_progress(items, self._bars, part, failed, self._count(progress.indexed, expected))
        table.set_text(items[SPEED], "" if progress.isOver else words.speed(progress.bytesPerSecond))
        table.set_text(items[LEFT], _series_left(progress))
        reason = translated(progress.reason) if progress.state == "incomplete" else ""
        show_state(items[STATE], self._series_states.get(progress.state, progress.state), reason)

    def _count(self, count: int, expected: Optional[int]) -> str:
        text = self._of_all if expected else "{n}"
        return text.format(n=words.number(count), all=words.number(expected or 0))

    # --- its instances ------------------------------------------------------------------------------------------------

    def _settled(self, outcomes: Sequence[Any]) -> None:
        """Below its series, what did not get to the server, and why."""
        for outcome in outcomes:
            if outcome["status"] in ARRIVED:
                continue
            below = self._series[outcome.get("series_instance_uid", "")][TITLE]
            if below.rowCount() < _SHOWN_FAILURES:
                path = words.printable(outcome["path"])
                name = os.path.basename(path) or _("(no file)")
                items = table.row([name, "", "", "", ""])
                state = transfer_report.outcome_in_words(outcome["status"])
                show_state(items[STATE], state, transfer_report.failure_in_words(outcome))
                items[TITLE].setToolTip(table.plain_tool_tip(path))
                below.appendRow(items)


def _pace(speed: str, left: str) -> str:
    return ", ".join(filter(None, (speed, _("{duration} left").format(duration=left) if left else "")))


def set_progress(items: List[Any], bars: Any, part: float, failed: bool, text: str) -> None:
    """A bar and a number; the icon is set only when it is another one."""
    step = (int(part * 20), failed)
    if items[PROGRESS].data(table.DATA) != str(step):
        items[PROGRESS].setData(str(step), table.DATA)
        items[PROGRESS].setIcon(bars.icon(part, failed))
    table.set_text(items[PROGRESS], text)


def show_state(item: Any, state: str, reason: str) -> None:
    """In a few words, which a narrow panel has room for; why it is so is below the list, and in the tool tip."""
    table.set_text(item, state)
    item.setData(reason, table.DATA)
    item.setToolTip(table.plain_tool_tip(reason or state))


def _series_left(progress: Any) -> str:
    if progress.isOver or not (progress.expected and progress.received and progress.bytesPerSecond):
        return ""
    size = progress.bytes / progress.received
    return words.duration((progress.expected - progress.received) * size / progress.bytesPerSecond)
