"""Series of the DICOM database into the scene, through Slicer's DICOM plugins."""

from dataclasses import dataclass
from typing import Any, Callable, Collection, Dict, List, Optional, Sequence, Tuple, Union

from DICOMWebNodesLib.errors import DatabaseUnavailable
from DICOMWebNodesLib.text import Text, in_a_row

from .database import databaseGone, databaseProblem, isThere
from .load_extensions import neededFor

_CANCELLED = Text("it was cancelled")
_OPEN_AGAIN = Text("Open that folder again to load from it.")
_ROWS, _SOP_CLASS = "0028,0010", "0008,0016"
Ask = Callable[[List[str]], bool]
Progress = Callable[[str, float], bool]


@dataclass(frozen=True)
class LoadReport:
    """``nodeIDs`` of the scene; ``messages`` of the plugins; ``failures``: pairs of a series UID and why it is not
    there; ``problem``: why the database gave no more, if it went in the middle."""

    nodeIDs: Tuple[str, ...]
    messages: Tuple[str, ...] = ()
    failures: Tuple[Tuple[str, str], ...] = ()
    problem: Optional[DatabaseUnavailable] = None

    @property
    def complete(self) -> bool:
        return not self.failures


def loadSeries(
    database: Any,
    seriesUIDs: Sequence[str],
    references: Union[bool, Ask, None] = None,
    progress: Optional[Progress] = None,
    dicomUtils: Any = None,
    installed: Collection[str] = (),
) -> LoadReport:
    """Load what the plugins think is best of each series.

    ``references``: whether the series that a segmentation or a structure set refers to come along; a function is
    asked, with their UIDs; None: no. ``progress`` hears a text and percents, and returns True to cancel.
    ``dicomUtils``: ``DICOMLib.DICOMUtils``. ``installed``: the DICOM plugins that are there, also those switched off.
    What needs an extension of Slicer that is not there is told: as the reason of a failure, or in a message where it
    can be loaded as something less. Raises DatabaseUnavailable, also when a person closes the database, or opens
    another one, before anything is loaded; what is not loaded then, later, is a failure.
    """
    problem = databaseProblem(database)
    if problem is not None and not (database is not None and database.isOpen):
        raise problem
    if dicomUtils is None:
        from DICOMLib import DICOMUtils as dicomUtils
    loader = _Loader(database, progress, dicomUtils, installed)
    loader.examine(list(dict.fromkeys(seriesUIDs)))
    related = loader.referencedSeries()
    if related and not loader.isCancelled and (references(related) if callable(references) else references):
        loader.examine(related, first=True)
    return loader.load()


class _Loader:
    def __init__(
        self, database: Any, progress: Optional[Progress], dicomUtils: Any, installed: Collection[str]
    ) -> None:
        self._database = database
        self._databaseFile = database.databaseFilename
        self._dicomUtils = dicomUtils
        self._progress = progress and self._heard(progress)
        self.isCancelled = False
        self._installed = installed
        self._messages: List[str] = []
        self._failures: Dict[str, str] = {}
        self._examined: List[str] = []
        self._seriesOf: Dict[str, str] = {}  # by file, of those examined: the database may be another one in the end
        self._loadables: Dict[Any, List[Any]] = {}

    def _heard(self, progress: Progress) -> Progress:
        def heard(text: str, percents: float) -> bool:
            self.isCancelled = self.isCancelled or bool(progress(text, percents))
            return self.isCancelled or self._problem() is not None

        return heard

    def _problem(self) -> Optional[DatabaseUnavailable]:
        """Events are processed while a plugin tells its progress, and while a person is asked."""
        return databaseGone(self._database, self._databaseFile, _OPEN_AGAIN)

    def _requireDatabase(self) -> None:
        problem = self._problem()
        if problem is not None:
            raise problem

    def examine(self, seriesUIDs: Sequence[str], first: bool = False) -> None:
        """``first``: they are loaded before what was examined until now, as an image before its segmentation."""
        self._requireDatabase()
        fileLists = []
        for series in seriesUIDs:
            paths = self._database.filesForSeries(series)
            files = [path for path in paths if isThere(path)]
            if files:
                if len(files) < len(paths):
                    self._messages.append(self._isNotAll(series, len(paths) - len(files), len(paths)))
                fileLists.append(files)
                self._examined.append(series)
                self._seriesOf.update(dict.fromkeys(files, series))
            else:
                self._failures[series] = Text("the DICOM database has no files of it")
        if not fileLists:
            return
        found, _ = self._dicomUtils.getLoadablesFromFileLists(
            fileLists, messages=self._messages, progressCallback=self._progress
        )
        self._requireDatabase()
        self._dicomUtils.selectHighestConfidenceLoadables(found)
        before, after = (found, self._loadables) if first else (self._loadables, found)
        self._loadables = {
            plugin: [*before.get(plugin, ()), *after.get(plugin, ())] for plugin in dict.fromkeys((*before, *after))
        }

    def _isNotAll(self, series: str, missing: int, total: int) -> Text:
        what = self._database.descriptionForSeries(series) or series
        return Text("Missing on the disk: {count} of {all} files of {what}.", count=missing, all=total, what=what)

    def referencedSeries(self) -> List[str]:
        """Of what is selected; those that are in the database and not examined yet."""
        related: Dict[str, None] = {}
        notThere = 0
        for loadable in self._selected():
            for instance in getattr(loadable, "referencedInstanceUIDs", ()):
                file = self._database.fileForInstance(instance)
                series = self._database.seriesForFile(file) if isThere(file) else ""
                if not series:
                    notThere += 1
                elif series not in self._examined:
                    related[series] = None
        if notThere:
            self._messages.append(
                Text("{count} instances that are referred to are not in the DICOM database.", count=notThere)
            )
        return list(related)

    def load(self) -> LoadReport:
        self._requireDatabase()
        offered = self._bySeries(self._selected())
        advice = self._advice()
        for series in self._examined:
            if series not in offered:
                self._failures[series] = advice.get(series, self._whyNotOffered(series))
        nodeIDs: Sequence[str] = ()
        try:
            nodeIDs = self._dicomUtils.loadLoadables(
                self._loadables, messages=self._messages, progressCallback=self._progress
            )
        except Exception as error:  # of a plugin; Slicer catches most of them, not all
            self._messages.append(f"{type(error).__name__}: {error}")
        # Slicer gives the plugins' loadables this attribute as it loads them, which may be cancelled before.
        failed = [loadable for loadable in self._selected() if not getattr(loadable, "loadSuccess", False)]
        for series, loadables in self._bySeries(failed).items():
            about = [message for message in self._messages if any(each.name in message for each in loadables)]
            told = (about or [self._whyNotLoaded()])[-1]
            what = self._whatItIs(series)
            if what:  # that it is no volume then says nothing more
                self._messages = [message for message in self._messages if message not in about]
            self._failures[series] = in_a_row(filter(None, (what or told, advice.get(series, ""))))
        self._messages += dict.fromkeys(text for series, text in advice.items() if series not in self._failures)
        problem = self._problem() if self._failures else None
        return LoadReport(tuple(nodeIDs), tuple(self._messages), tuple(self._failures.items()), problem)

    def _whyNotOffered(self, series: str) -> str:
        if self.isCancelled:
            return _CANCELLED
        return self._whatItIs(series) or Text("none of Slicer's DICOM plugins can load it")

    def _whyNotLoaded(self) -> str:
        if self.isCancelled:
            return _CANCELLED
        problem = self._problem()
        if problem is not None:
            return problem.sentences
        return self._messages[-1] if self._messages else Text("the DICOM plugin did not load it")

    def _advice(self) -> Dict[str, str]:
        """By series, where an extension is missing."""
        plugins = self._dicomUtils.getDefaultPluginClassNames()
        found = {}
        for series in self._examined:
            files = self._database.filesForSeries(series)
            needed = neededFor(self._database, files[0], plugins) if files else None
            if needed is not None:
                found[series] = needed.advice(self._installed)
        return found

    def _selected(self) -> List[Any]:
        return [each for loadables in self._loadables.values() for each in loadables if each.selected]

    def _bySeries(self, loadables: Sequence[Any]) -> Dict[str, List[Any]]:
        found: Dict[str, List[Any]] = {}
        for loadable in loadables:
            if loadable.files:
                file = loadable.files[0]
                series = self._seriesOf.get(file) or self._database.seriesForFile(file)
                found.setdefault(series, []).append(loadable)
        return found

    def _whatItIs(self, series: str) -> str:
        """Of what has no pixels, which Slicer tries to load as a volume all the same; "" of an image."""
        file = next(iter(self._database.filesForSeries(series)), "")
        if not isThere(file) or self._database.fileValue(file, _ROWS):
            return ""
        from pydicom.uid import UID

        return Text("it is no image ({kind})", kind=UID(self._database.fileValue(file, _SOP_CLASS)).name)
