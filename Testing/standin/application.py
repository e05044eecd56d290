"""``slicer.app`` and what Slicer puts around a module."""

from __future__ import annotations

import atexit
import os
import stat
import sys
import tempfile
import types
from pathlib import Path
from typing import Any, Callable, Dict, Optional

import shiboken6
from PySide6.QtCore import QDir, QFileInfo, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QTabWidget, QVBoxLayout, QWidget

from . import ctk_dicom, i18n, scripted_module, signals

_PYTHON_SLICER = '#!/bin/sh\nexec "{python}" "$@"\n'


class SlicerApplication(QApplication):
    """One for each process; its settings and its temporary files live in a folder that goes with it."""

    startupCompleted = Signal()

    def __init__(self) -> None:
        super().__init__([sys.argv[0]])
        self._folder = tempfile.TemporaryDirectory(prefix="standin-", ignore_cleanup_errors=True)
        self.setApplicationName("Slicer")
        self.setOrganizationName("NA-MIC")
        QSettings.setDefaultFormat(QSettings.IniFormat)
        QSettings.setPath(QSettings.IniFormat, QSettings.UserScope, self._folder.name)
        self._modules = scripted_module.ModuleManager()
        self._settings_dialog: Optional[SettingsDialog] = None
        self._put_python_slicer_into_the_path()
        atexit.register(self.aboutToQuit.emit)  # there is no exec() whose end would tell

    connect = signals.connect_by_name

    @property
    def temporaryPath(self) -> str:
        return QDir.toNativeSeparators(self._folder.name)

    @property
    def applicationName(self) -> str:
        return "Slicer"

    def settings(self) -> QSettings:
        return QSettings()

    def userSettings(self) -> QSettings:
        return QSettings()

    @property
    def applicationVersion(self) -> str:
        return "0.0.0-standin"

    def settingsDialog(self) -> SettingsDialog:
        if self._settings_dialog is None or not shiboken6.isValid(self._settings_dialog):
            self._settings_dialog = SettingsDialog()
        return self._settings_dialog

    def moduleManager(self) -> scripted_module.ModuleManager:
        return self._modules

    def testingEnabled(self) -> bool:
        return False

    def _put_python_slicer_into_the_path(self) -> None:
        """``PythonSlicer`` is the interpreter for child processes."""
        if os.name == "nt":
            return
        program = Path(self._folder.name, "bin", "PythonSlicer")
        program.parent.mkdir()
        program.write_text(_PYTHON_SLICER.format(python=sys.executable))
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
        os.environ["PATH"] = os.pathsep.join((str(program.parent), os.environ.get("PATH", "")))


class SettingsDialog(QDialog):
    """Edit > Application Settings (ctkSettingsDialog)."""

    def __init__(self) -> None:
        super().__init__()
        self._tabs = QTabWidget()
        QVBoxLayout(self).addWidget(self._tabs)

    def addPanel(self, title: str, panel: QWidget) -> None:
        self._tabs.addTab(panel, title)
        panel.setSettings(QSettings())


class ModuleSelector(QObject):
    """What is in the tool bar to choose a module (qSlicerModuleSelectorToolBar)."""

    moduleSelected = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.selectedModule = ""

    connect = signals.connect_by_name

    def selectModule(self, name: str) -> None:
        self.selectedModule = name
        self.moduleSelected.emit(name)


class MainWindow(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self._selector = ModuleSelector(self)

    def moduleSelector(self) -> ModuleSelector:
        return self._selector


def main_window() -> QMainWindow:
    """With the menu in which the module looks for a place."""
    window = MainWindow()
    window.setObjectName("qSlicerMainWindow")
    menu = QMenu("File", window)
    menu.setObjectName("FileMenu")
    menu.addAction("Add DICOM Data")
    menu.addMenu("Recent").setObjectName("RecentlyLoadedMenu")
    menu.addAction("Exit")
    window.menuBar().addMenu(menu)
    return window


def open_database(folder: Path) -> ctk_dicom.ctkDICOMDatabase:
    """Make ``slicer.dicomDatabase`` the one in ``folder``."""
    import slicer

    database = ctk_dicom.ctkDICOMDatabase()
    database.openDatabase(str(folder / ctk_dicom.FILE_NAME))
    slicer.dicomDatabase = database
    return database


def load_module(file: Path) -> Any:
    """The module in ``file``, as Slicer loads it; :func:`unload_modules` ends it."""
    import slicer

    factory = slicer.app.moduleManager().factoryManager()
    factory.registerModule(QFileInfo(str(file)))
    factory.loadModules([file.stem])
    return slicer.app.moduleManager().module(file.stem)


def unload_modules() -> None:
    import slicer

    slicer.app.moduleManager().factoryManager().unloadModules()


def _single_shot(milliseconds: int, call: Callable[[], Any]) -> None:
    """What Slicer puts in the place of Qt's: the timer, with all that ``call`` refers to, stays until the end."""
    import slicer

    timer = QTimer(slicer.app.moduleManager())
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    timer.start(milliseconds)


def install() -> None:
    import slicer  # slicer-core's
    import slicer.util
    import slicer_core

    QApplication.setAttribute(Qt.AA_ShareOpenGLContexts)
    slicer.app = SlicerApplication()
    QTimer.singleShot = _single_shot
    slicer.app.setFont(QFont("DejaVu Sans", 10))
    slicer.dicomDatabaseDirectorySettingsKey = "DatabaseDirectory_0.8.1"
    slicer.modules = types.SimpleNamespace()
    slicer.mrmlScene = slicer_core.vtkMRMLScene()
    slicer.qSlicerScriptedLoadableModule = scripted_module.ModuleFile
    slicer.qSlicerScriptedLoadableModuleWidget = scripted_module.WidgetRepresentation
    submodules: Dict[str, Dict[str, Any]] = {
        "i18n": {"tr": i18n.tr, "translate": QApplication.translate},
        "ScriptedLoadableModule": {cls.__name__: cls for cls in scripted_module.BASE_CLASSES},
    }
    for name, content in submodules.items():
        module = types.ModuleType(f"slicer.{name}")
        vars(module).update(content)
        setattr(slicer, name, module)
        sys.modules[module.__name__] = module
