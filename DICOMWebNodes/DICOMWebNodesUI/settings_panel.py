"""Edit > Application Settings > DICOMWeb Nodes."""

from __future__ import annotations

from typing import Any, Callable, List

import ctk
import qt
from DICOMWebNodesHost import settings
from DICOMWebNodesHost.event_loop import later
from DICOMWebNodesHost.sentences import told, translated
from slicer.i18n import tr as _

from . import files, form, words
from .follow import follow


class SettingsPanel(ctk.ctkSettingsPanel):
    """The application keeps the values; every logic hears of a change at once.

    ``logic()`` gives one that can ask the worker. Nothing is asked before a person clicks: the panel is made when the
    application starts.
    """

    def __init__(self, logic: Callable[[], Any]) -> None:
        super().__init__()
        self._logic = logic
        self._jobs: List[Any] = []
        self._keeps_in_file = False
        self.ui = form.fill(self, "SettingsPanel")
        self._register("parallelSeries", self.ui.parallelSeries, "value", "valueChanged(int)")
        self._register("verifyImports", self.ui.verifyImports, "checked", "toggled(bool)")
        self._register("previewCache", self.ui.previewCache, "value", "valueChanged(int)")
        self._register("previewFolder", self.ui.previewFolder, "text", "textChanged(QString)")
        self._register("logLevel", self.ui.logLevel, "currentIndex", "currentIndexChanged(int)")
        for signal in (
            self.ui.parallelSeries.valueChanged,
            self.ui.verifyImports.toggled,
            self.ui.previewCache.valueChanged,
            self.ui.previewFolder.editingFinished,
            self.ui.logLevel.currentIndexChanged,
        ):
            signal.connect(self._changed)
        self.ui.chooseFolderButton.clicked.connect(self._choose_folder)
        self.ui.emptyCacheButton.clicked.connect(self._empty_cache)
        self.ui.moveSecretsButton.clicked.connect(self._ask_for_secrets)
        self.ui.resetButton.clicked.connect(self.reset)
        self.ui.diagnosticsButton.clicked.connect(self._copy_diagnostics)

    def reset(self, _checked: bool = False) -> None:
        """The defaults; nodes, methods and secrets are no settings."""
        defaults = settings.Settings()
        self.ui.parallelSeries.value = defaults.parallelSeries
        self.ui.verifyImports.checked = defaults.verifyImports
        self.ui.previewCache.value = defaults.previewCache
        self.ui.previewFolder.text = defaults.previewFolder
        self.ui.logLevel.currentIndex = defaults.logLevel
        self._changed()

    def _register(self, name: str, widget: Any, value: str, signal: str) -> None:
        self.registerProperty(settings.key(name), widget, value, str(qt.SIGNAL(signal)))

    def _changed(self, *_values: Any) -> None:
        # The application writes the value in a slot of the same signal, which may be called after this one.
        later(0, settings.tellChanged)

    # --- previews ---------------------------------------------------------------------------------------------------

    def _choose_folder(self, _checked: bool = False) -> None:
        self._dialog = files.choose_folder(self, _("Folder for previews"), self._folder_chosen)

    def _folder_chosen(self, folder: str) -> None:
        self.ui.previewFolder.text = folder
        self._changed()

    def _empty_cache(self, _checked: bool = False) -> None:
        follow(self._logic().startClearPreviews(), self._cache_emptied, self._failed, self._jobs)

    def _cache_emptied(self, removed: int) -> None:
        self._tell(_("{size} of previews removed.").format(size=words.size(removed)))

    # --- secrets ----------------------------------------------------------------------------------------------------

    def _ask_for_secrets(self, _checked: bool = False) -> None:
        """The first time where they are; from then on to another place."""
        to_file = None if not self.ui.secretsPlace.text else not self._keeps_in_file
        follow(self._logic().startSecrets(to_file), self._show_secrets, self._failed, self._jobs)

    def _show_secrets(self, secrets: Any) -> None:
        self._keeps_in_file = secrets.file
        self.ui.secretsPlace.text = translated(secrets.place)
        self.ui.moveSecretsButton.text = _("&Take out of the file") if secrets.file else _("Move into a &file")

    # --- a report ---------------------------------------------------------------------------------------------------

    def _copy_diagnostics(self, _checked: bool = False) -> None:
        follow(self._logic().startDiagnostics(), self._copied, self._failed, self._jobs)

    def _copied(self, text: str) -> None:
        qt.QApplication.clipboard().setText(text)
        self._tell(_("Copied to the clipboard. It has no secrets; read it before you send it."))

    def _failed(self, error: BaseException) -> None:
        self._tell(told(error))

    def _tell(self, text: str) -> None:
        self.ui.message.text = text
