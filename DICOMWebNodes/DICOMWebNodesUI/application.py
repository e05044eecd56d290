"""What the module adds to the application around it: a menu entry, a button, a page of settings.

Each only where its place is: an application that tests may have no main window, and the DICOM module makes its widgets
when it is opened for the first time.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

import qt
import slicer
import slicer.util
from DICOMWebNodesHost.event_loop import later
from slicer.i18n import tr as _

from .settings_panel import SettingsPanel

MODULE = "DICOMWebNodes"
BUTTON = "DICOMWebNodesButton"


class ApplicationEntries:
    """To be made when the application has started, and kept. ``logic()`` gives what the settings ask."""

    def __init__(self, logic: Callable[[], Any]) -> None:
        self.settings_panel: Optional[SettingsPanel] = None
        self.action: Any = None
        window = slicer.util.mainWindow()
        if window is None:
            return
        self._add_settings(logic)
        self._add_menu_entry(window)
        add_button_to_dicom_module()
        slicer.util.moduleSelector().connect("moduleSelected(QString)", self._module_selected)

    def _add_settings(self, logic: Callable[[], Any]) -> None:
        self.settings_panel = SettingsPanel(logic)
        slicer.app.settingsDialog().addPanel(_("DICOMWeb Nodes"), self.settings_panel)

    def _add_menu_entry(self, window: Any) -> None:
        menu = window.findChild(qt.QMenu, "FileMenu")
        if menu is not None:
            self.action = menu.addAction(_("Import from DICOM&web nodes..."))
            self.action.triggered.connect(lambda checked: open_module())
            recent = menu.findChild(qt.QMenu, "RecentlyLoadedMenu")
            if recent is not None:  # beside the DICOM module's entry; at the end stands "Exit"
                menu.insertAction(recent.menuAction(), self.action)

    def _module_selected(self, name: str) -> None:
        if name == "DICOM":
            # It may be made in a slot of the same signal, which is called after this one.
            later(0, add_button_to_dicom_module)


def add_button_to_dicom_module() -> None:
    """Beside its other network sources; once, and nothing where there are none."""
    widget = getattr(slicer.modules, "DICOMWidget", None)
    frame = getattr(getattr(widget, "ui", None), "networkingFrame", None)
    if frame is None or frame.findChild(qt.QPushButton, BUTTON) is not None:
        return
    button = qt.QPushButton(_("DICOM&web nodes..."))
    button.objectName = BUTTON
    button.toolTip = _("Search and retrieve from DICOMweb servers, with sign-in, in the module DICOMWeb Nodes.")
    button.clicked.connect(lambda checked: open_module())
    frame.layout().addRow(button)


def open_module() -> None:
    slicer.util.selectModule(MODULE)
