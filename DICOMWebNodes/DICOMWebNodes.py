"""DICOMWeb Nodes: DICOMweb servers as named nodes, for 3D Slicer. Wiring only; what there is to know is in

DICOMWebNodesUI     what a person sees
DICOMWebNodesHost   what touches Slicer; ``DICOMWebNodesHost.logic`` has the table of what scripts can do
DICOMWebNodesLib    the library, without Slicer
"""

import sys

import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)

OWN_PACKAGES = ("DICOMWebNodesLib", "DICOMWebNodesHost", "DICOMWebNodesUI")


class DICOMWebNodes(ScriptedLoadableModule):
    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = _("DICOMWeb Nodes")
        parent.categories = [translate("qSlicerAbstractCoreModule", "Informatics")]
        parent.dependencies = []
        parent.contributors = ["DICOMWebNodes contributors"]
        parent.helpText = _(
            "Keeps DICOMweb servers as named nodes, signs in, searches, and brings studies into the DICOM database "
            "and the scene; sends series back. Nothing is sent anywhere unless you ask for it."
        )
        parent.acknowledgementText = _(
            "It stands on requests, pydicom and oauthlib, and on Slicer's DICOM database, which is CTK's."
        )
        slicer.app.connect("startupCompleted()", self.onStartupCompleted)

    def onStartupCompleted(self):
        """A page of settings, an entry in the File menu and a button in the DICOM module, where there are such."""
        from DICOMWebNodesUI.application import ApplicationEntries

        self.entries = ApplicationEntries(logicForSettings)


class DICOMWebNodesWidget(ScriptedLoadableModuleWidget):
    """The panel lives in DICOMWebNodesUI; imports go on while the module is not shown."""

    def __init__(self, parent=None):
        self.logic = None  # before the base class, which sets up a widget that has no parent
        self.panel = None
        ScriptedLoadableModuleWidget.__init__(self, parent)

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        from DICOMWebNodesUI.module_panel import ModulePanel

        self.logic = DICOMWebNodesLogic()
        self.panel = ModulePanel(self.logic)
        self.layout.addWidget(self.panel)

    def enter(self):
        if self.panel is not None:
            self.panel.enter()

    def exit(self):
        if self.panel is not None:
            self.panel.exit()

    def cleanup(self):
        if self.panel is not None:
            self.panel.cleanup()
            self.panel.deleteLater()  # a reload only hides what the module has shown
            self.panel = None
        if self.logic is not None:
            self.logic.stop()
            self.logic = None

    def onReload(self):
        """Developers: the packages are read anew too."""
        self.cleanup()
        forgetOwnPackages()
        ScriptedLoadableModuleWidget.onReload(self)


class DICOMWebNodesLogic(ScriptedLoadableModuleLogic):
    """What scripts use: everything that DICOMWebNodesHost.logic.Logic has, read when it is first needed.

    >>> logic = slicer.util.getModuleLogic("DICOMWebNodes")
    >>> studies = logic.search("Orthanc", PatientName="DOE*")
    >>> summary = logic.importStudies("Orthanc", [study.study_instance_uid for study in studies])
    >>> logic.load(summary.seriesUIDs)
    """

    def __init__(self, parent=None):
        ScriptedLoadableModuleLogic.__init__(self, parent)
        self._logic = None

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._opened(), name)

    def __dir__(self):
        return sorted({*super().__dir__(), *dir(self._opened())})

    def stop(self):
        """End the worker process, if there is one."""
        if self._logic is not None:
            self._logic.stop()

    def _opened(self):
        if self._logic is None:
            from DICOMWebNodesHost.logic import Logic

            self._logic = Logic()
        return self._logic


class DICOMWebNodesTest(ScriptedLoadableModuleTest):
    """What can be tried wherever the module is installed; the tests that need a server are in Testing/Slicer."""

    def runTest(self):
        self.test_the_worker_answers()

    def test_the_worker_answers(self):
        logic = DICOMWebNodesLogic()
        try:
            assert any(listed.predefined for listed in logic.nodes())
        finally:
            logic.stop()


def logicForSettings():
    """The one of the module's panel, else a new one: each has a worker process of its own."""
    widget = getattr(slicer.modules, "DICOMWebNodesWidget", None)
    if widget is not None and widget.logic is not None:
        return widget.logic
    if not _logics:
        _logics.append(DICOMWebNodesLogic())
    return _logics[0]


_logics = []


def forgetOwnPackages():
    from DICOMWebNodesHost.event_loop import forgetTimers

    forgetTimers()
    for name in list(sys.modules):
        if name.partition(".")[0] in OWN_PACKAGES:
            del sys.modules[name]
