"""What became of a transfer in words: in short below the list, in full for the clipboard."""

from __future__ import annotations

from typing import Any, Dict, List

from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import words
from .error_bar import details_of


def states_in_words(job_name: str) -> Dict[str, str]:
    """Of an import or a send, by the name of its JobState."""
    return {
        "WAITING": _("waiting"),
        "RUNNING": _("sending") if job_name == "send" else _("retrieving"),
        "PAUSED": _("paused"),
        "DONE": _("sent") if job_name == "send" else _("in the database"),
        "FAILED": _("failed"),
        "CANCELLED": _("cancelled"),
    }


def series_states_in_words(job_name: str) -> Dict[str, str]:
    """Of a series of it, by the state of its SeriesProgress."""
    return {
        "waiting": _("waiting"),
        "retrieving": _("retrieving"),
        "indexing": _("into the database"),
        "sending": _("sending"),
        "paused": _("paused"),
        "cancelled": _("cancelled"),
        "done": _("sent") if job_name == "send" else _("in the database"),
        "incomplete": _("incomplete"),
    }


def outcome_in_words(status: str) -> str:
    """What became of a file (StoreStatus)."""
    names = {
        "stored": _("stored"),
        "stored_with_warning": _("stored, but changed by the server"),
        "already_there": _("there already"),
        "unconfirmed": _("not confirmed by the server"),
        "failed": _("not stored"),
        "not_dicom": _("not a DICOM file"),
    }
    return names.get(status, status)


def counts_in_words(job: Any) -> str:
    """Of a send: "100 confirmed before, 78 stored, 2 not stored"."""
    counts: Dict[str, int] = {}
    for outcome in job.outcomes:
        counts[outcome["status"]] = counts.get(outcome["status"], 0) + 1
    rest = len(job.unsent()[1]) - sum(counts.get(status, 0) for status in ("failed", "unconfirmed"))
    confirmed = job.progress.confirmed
    texts = [_("{n} confirmed before").format(n=words.number(confirmed))] if confirmed else []
    texts += [
        _("{n} {outcome}").format(n=words.number(n), outcome=outcome_in_words(status)) for status, n in counts.items()
    ]
    if rest > 0:
        texts.append(_("{n} not sent").format(n=words.number(rest)))
    return ", ".join(texts)


def failure_in_words(failure: Any) -> str:
    """Of an import (ImportFailure) or of a send (a dict as StoreOutcome)."""
    if isinstance(failure, dict):
        reason = failure.get("reason", "")
        return translated(reason) or outcome_in_words(failure["status"])
    return translated(failure.reason)


def next_step_in_words(failure: Any) -> str:
    """Of an import; "" where the failure itself says what to do, or nobody knows."""
    return translated(failure.nextStep)


def details(row: Any) -> str:
    """All that is known of the transfer of ``row``: every failure, and of a send every file."""
    lines: List[str] = [f"{row.title}: {row.items[-1].text()}"]
    job = row.job
    if job is None:
        return "\n".join([*lines, row.reason()])
    lines.append(f"{_('Node')}: {job.node}")
    if job.error is not None:
        lines.append(details_of(job.error))
    for outcome in getattr(job, "outcomes", ()):
        texts = (
            outcome_in_words(outcome["status"]),
            words.printable(outcome["path"]),
            translated(outcome.get("reason", "")),
        )
        lines.append("\t".join(filter(None, texts)))
    if job.name == "import" and job.value is not None:
        lines += [f"{failure.resource}\t{translated(failure.reason)}" for failure in job.value.failures]
    return "\n".join(lines)
