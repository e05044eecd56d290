"""The context menu of the results."""

from __future__ import annotations

from typing import Any, Callable

import qt
from slicer.i18n import tr as _

from . import words
from .results_row import Row, Source


class ResultsMenu:
    """``wanted(load)``: import what is selected; ``source_chosen(study, node uid)``; ``copy(level)``: to the clipboard.

    It is filled each time that it is shown.
    """

    def __init__(
        self,
        parent: Any,
        selection: Any,
        wanted: Callable[[bool], None],
        source_chosen: Callable[[Row, str], None],
        copy: Callable[[int], None],
    ) -> None:
        self._selection = selection
        self._wanted = wanted
        self._source_chosen = source_chosen
        self._copy = copy
        self.menu = qt.QMenu(parent)
        self.sources: Any = None

    def show(self, position: Any) -> None:
        """``position``: on the screen."""
        if self._selection.rows():
            self.fill()
            self.menu.popup(position)

    def fill(self) -> None:
        self.menu.clear()
        if self.sources is not None:
            self.sources.deleteLater()
            self.sources = None
        self._add(_("Import and &load") + "\tCtrl+Return", lambda: self._wanted(True))
        self._add(_("&Import") + "\tReturn", lambda: self._wanted(False))
        studies = [row for row in self._selection.studies() if len(row.sources) > 1]
        if studies:
            self._add_sources(studies)
        self.menu.addSeparator()
        of_studies = _("Copy study &UIDs") + "\tCtrl+C"
        for level, text in enumerate((of_studies, _("Copy &series UIDs"), _("Copy i&nstance UIDs"))):
            self._add(text, lambda level=level: self._copy(level))

    def _add_sources(self, studies: Any) -> None:
        """The nodes that have all of the studies; the one of the first study is ticked."""
        common = set.intersection(*({source.node for source in study.sources} for study in studies))
        self.sources = self.menu.addMenu(_("Import &from"))
        for source in sorted(studies[0].sources, key=lambda source: source.name.casefold()):
            if source.node not in common:
                continue
            action = self.sources.addAction(described(source) if len(studies) == 1 else source.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(source.node == studies[0].node)
            action.triggered.connect(lambda checked, node=source.node: self._choose(studies, node))

    def _choose(self, studies: Any, node: str) -> None:
        for study in studies:
            if study.node != node:
                self._source_chosen(study, node)

    def _add(self, text: str, do: Callable[[], None]) -> Any:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda checked: do())
        return action


def described(source: Source) -> str:
    """ "Archive (2 series, 180 instances)": the nodes may not have the same."""
    name = source.name.replace("&", "&&")
    if source.series is None or source.instances is None:
        return name
    counts = {"series": words.number(source.series), "instances": words.number(source.instances)}
    return _("{name}  ({series} series, {instances} instances)").format(name=name, **counts)
