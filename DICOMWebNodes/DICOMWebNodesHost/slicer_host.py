"""This Slicer, as the functions that the logic wants of it."""

import contextlib
import os
from typing import Dict, List

from . import worker_process
from .database import DATABASE_FILE
from .event_loop import later, processEvents
from .logic_base import Host
from .requirements import ensureOAuth
from .sentences import allTranslated


def slicerHost() -> Host:
    """This Slicer: its event loop, its database, its indexer, its interpreter for worker processes."""
    import ctk
    import qt
    import slicer

    if not _ending:
        slicer.app.connect("aboutToQuit()", worker_process.endAll)
        _ending.append(True)
    return Host(
        later=later,
        processEvents=processEvents,
        database=lambda: getattr(slicer, "dicomDatabase", None),
        makeIndexer=ctk.ctkDICOMIndexer,
        startWorker=worker_process.startWorker,
        openURL=lambda url: qt.QDesktopServices.openUrl(qt.QUrl(url)),
        mainWindow=slicer.util.mainWindow,
        ensureOAuth=ensureOAuth,
        refreshBrowser=_refreshBrowser,
        openDatabase=_openDatabase,
        setting=lambda key: slicer.app.userSettings().value(key),
        versions=_versions,
        texts=allTranslated,
        dicomPlugins=lambda: tuple(getattr(slicer.modules, "dicomPlugins", ())),
    )


def _versions() -> Dict[str, str]:
    import slicer

    return {"application": f"{slicer.app.applicationName} {slicer.app.applicationVersion}"}


def _refreshBrowser() -> None:
    """The DICOM module's tables do not hear of what another indexer has brought into the database."""
    import slicer

    module = getattr(slicer.modules, "DICOMInstance", None)
    if hasattr(module, "databaseChanged"):  # Slicer 5.12 and later: the visual browser looks at it when it is shown
        module.databaseChanged = True
    with contextlib.suppress(AttributeError):  # it has not been opened yet, and will then read everything
        module.browserWidget.dicomBrowser.dicomTableManager().updateTableViews()


def _openDatabase(folder: str) -> None:
    """As the DICOM module does when Slicer starts, and when somebody chooses a folder there."""
    import qt
    import slicer

    database = getattr(slicer, "dicomDatabase", None)  # None until Slicer has started up
    key = getattr(slicer, "dicomDatabaseDirectorySettingsKey", "")
    folder = folder or str(qt.QSettings().value(key) or "")
    if database is None or not folder:
        return
    with contextlib.suppress(OSError):  # that it does not open is told by the database
        os.makedirs(folder, exist_ok=True)
    database.openDatabase(os.path.join(folder, DATABASE_FILE))
    if database.isOpen:
        qt.QSettings().setValue(key, folder)


_ending: List[bool] = []
