"""Scripted modules: the four base classes, and what loads a module's file."""

from __future__ import annotations

import importlib.util
import sys
import types
import unittest
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from PySide6.QtCore import QFileInfo, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget


class ScriptedLoadableModule:
    def __init__(self, parent: Any) -> None:
        self.parent = parent
        self.moduleName = type(self).__name__


class ScriptedLoadableModuleWidget:
    def __init__(self, parent: Optional[QWidget] = None) -> None:
        import slicer

        self.moduleName = type(self).__name__.removesuffix("Widget")
        self.parent = parent
        self.layout = parent.layout() if parent is not None else None
        self.resources = Path(slicer.util.modulePath(self.moduleName)).parent / "Resources"

    def resourcePath(self, name: str) -> str:
        return str(self.resources / name)

    def onReload(self) -> None:
        """As ``slicer.util.reloadScriptedModule``: the file anew, then the widget, in the same place."""
        import slicer

        module = getattr(slicer.modules, self.moduleName.lower())
        module.code = ModuleFile.import_file(Path(module.path))
        getattr(slicer.modules, f"{self.moduleName}Widget").cleanup()
        for child in self.parent.children():
            if isinstance(child, QWidget):
                child.hide()
        while self.parent.layout().count():
            self.parent.layout().takeAt(0)
        self.parent.reload()

    def setup(self) -> None:
        """In Slicer this adds the section with "Reload and Test"."""

    def cleanup(self) -> None:
        """Called when the widget goes."""


class ScriptedLoadableModuleLogic:
    def __init__(self, parent: Any = None) -> None:
        self.parent = parent
        self.moduleName = type(self).__name__.removesuffix("Logic")


class ScriptedLoadableModuleTest(unittest.TestCase):
    pass


BASE_CLASSES = (
    ScriptedLoadableModule,
    ScriptedLoadableModuleWidget,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
)


class ModuleManager(QObject):
    """Also its own factory manager."""

    def __init__(self) -> None:
        super().__init__()
        self._files: Dict[str, Path] = {}
        self._modules: Dict[str, ModuleFile] = {}

    def registerModule(self, file: QFileInfo) -> None:
        self._files[file.baseName()] = Path(file.absoluteFilePath())

    def loadModules(self, names: Sequence[str]) -> bool:
        for name in names:
            if name not in self._modules:
                self._modules[name] = ModuleFile(self._files[name])
        return True

    def unloadModules(self) -> None:
        while self._modules:
            self._modules.popitem()[1].close()

    def module(self, name: str) -> Optional[ModuleFile]:
        return self._modules.get(name)

    def factoryManager(self) -> ModuleManager:
        return self

    def isLoaded(self, name: str) -> bool:
        return name in self._modules


class ModuleFile:
    """A module of Slicer (qSlicerScriptedLoadableModule): its file, imported, and the descriptions it gives."""

    def __init__(self, path: Path) -> None:
        import slicer

        self.name = path.stem
        self.path = str(path)
        self.title = self.name
        self.categories: list = []
        self.dependencies: list = []
        self.contributors: list = []
        self.helpText = ""
        self.acknowledgementText = ""
        self.icon: Any = None
        self.hidden = False
        self._widget: Optional[WidgetRepresentation] = None
        self.code = self.import_file(path)
        setattr(slicer.modules, self.name.lower(), self)
        self.instance = getattr(self.code, self.name)(self)
        setattr(slicer.modules, f"{self.name}Instance", self.instance)

    def widgetRepresentation(self) -> WidgetRepresentation:
        """Made and set up when it is first asked for."""
        if self._widget is None:
            self._widget = self.createNewWidgetRepresentation()
        return self._widget

    def createNewWidgetRepresentation(self) -> WidgetRepresentation:
        return WidgetRepresentation(self)

    def close(self) -> None:
        if self._widget is not None:
            self._widget.self().cleanup()
            self._widget = None

    @staticmethod
    def import_file(path: Path) -> types.ModuleType:
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        code = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = code
        spec.loader.exec_module(code)
        return code


class WidgetRepresentation(QWidget):
    """The panel in which a module's widget lives (qSlicerScriptedLoadableModuleWidget)."""

    def __init__(self, module: ModuleFile) -> None:
        super().__init__()
        self.setLayout(QVBoxLayout())
        self._module = module
        self.reload()

    def reload(self) -> None:
        import slicer

        self._self = getattr(self._module.code, f"{self._module.name}Widget")(self)
        setattr(slicer.modules, f"{self._module.name}Widget", self._self)
        self._self.setup()

    def self(self) -> ScriptedLoadableModuleWidget:
        return self._self

    def enter(self) -> None:
        if hasattr(self._self, "enter"):
            self._self.enter()

    def exit(self) -> None:
        if hasattr(self._self, "exit"):
            self._self.exit()
