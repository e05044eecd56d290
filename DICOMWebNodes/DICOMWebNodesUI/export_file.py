"""Nodes into a file, for a colleague or for Weasis: where to, and what is not in it."""

from __future__ import annotations

from typing import Any, Sequence

from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import files
from .file_task import FileTask

OWN, WEASIS, WEASIS_METHODS = "json", "weasis", "weasis-authentication"
_NAMES = {OWN: "nodes.json", WEASIS: "dicomWebNodes.xml", WEASIS_METHODS: "authenticationNodes.xml"}


class FileExport(FileTask):
    """Without secrets, whoever asks."""

    def choose(self, file_format: str, nodes: Sequence[str]) -> None:
        """``nodes``: uids; none: all of one's own."""
        titles = {
            OWN: _("Export nodes"),
            WEASIS: _("Export nodes for Weasis"),
            WEASIS_METHODS: _("Export authentication methods for Weasis"),
        }
        filters = _("Node files (*.json)"), _("Files of Weasis, or of its newer form (*.xml *.json)")
        self.dialog = files.save_file(
            self._parent,
            titles[file_format],
            _NAMES[file_format],
            filters[file_format != OWN],
            lambda path: self._start(path, file_format, nodes),
        )

    def _start(self, path: str, file_format: str, nodes: Sequence[str]) -> None:
        job = self._logic.startExportNodes(path, nodes, fileFormat=file_format)
        self._follow(job, lambda exported: self._done(path, exported))

    def _done(self, path: str, exported: Any) -> None:
        lines = [_("{n} written to {path}.").format(n=exported.count, path=path)]
        self._told("\n".join([*lines, *map(_left_out, exported.leftOut)]))


def _left_out(each: Any) -> str:
    texts = {
        "client secret": _("{name}: its client secret is not in the file."),
        "header": _("{name}: the header {header} is not in the file, because it may be secret."),
        "method": _("{name} is not in the file: {reason}."),
    }
    return texts[each.what].format(name=each.name, header=each.header, reason=translated(each.reason))
