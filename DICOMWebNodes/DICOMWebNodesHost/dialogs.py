"""What a person sees, and can cancel, while a script or the panel waits."""

from typing import Any

from .job import Job

_LONG_WAIT, _SHORT_WAIT = 2000, 500  # milliseconds before a dialog is shown


class _ProgressDialog:
    """Of the window ``parent``; gone when its block is left."""

    def __init__(self, parent: Any, patience: int) -> None:
        import qt

        self._dialog = qt.QProgressDialog(parent)
        label = qt.QLabel(self._dialog)
        label.setTextFormat(qt.Qt.PlainText)  # a series is called what a server says: no markup, no picture from afar
        self._dialog.setLabel(label)
        self._dialog.setMinimumDuration(patience)
        self._dialog.setRange(0, 100)
        self._dialog.setAutoReset(False)
        self._dialog.setAutoClose(False)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        self._dialog.close()
        self._dialog.deleteLater()

    def wasCancelled(self) -> bool:
        return bool(self._dialog.wasCanceled)


class CancelDialog(_ProgressDialog):
    """While a job runs; ``wasCancelled`` is for :func:`~.waiting.wait`."""

    def __init__(self, job: Job, parent: Any) -> None:
        super().__init__(parent, _LONG_WAIT)
        self._dialog.setLabelText(f"DICOMWeb Nodes: {_doing(job.name)}")
        self._dialog.setValue(0)
        job.progressed.connect(self._show)

    def _show(self, progress: Any) -> None:
        expected = getattr(progress, "expected", 0)
        if expected:
            self._dialog.setValue(min(99, 100 * progress.received // expected))


class LoadDialog(_ProgressDialog):
    """While Slicer's DICOM plugins work, in the main thread; :meth:`heard` is what they call between two of them.

    The window waits: nobody should change the scene half-way.
    """

    def __init__(self, parent: Any) -> None:
        import qt

        super().__init__(parent, _SHORT_WAIT)
        self._dialog.setWindowModality(qt.Qt.WindowModal)
        self._dialog.setLabelText(f"DICOMWeb Nodes: {_doing('load')}")
        self._dialog.setValue(0)

    def heard(self, text: str, percents: float) -> bool:
        """``text``: the plugin's, or the loadable's name. Whether to stop."""
        import slicer

        self._dialog.setLabelText(str(text))
        self._dialog.setValue(min(99, int(percents)))
        slicer.app.processEvents()
        return self.wasCancelled()


def _doing(name: str) -> str:
    """What a person waits for, by the name of a job. Others are over before theirs is read."""
    from slicer.i18n import tr as _

    doing = {
        "import": _("importing"),
        "load": _("loading"),
        "search": _("searching"),
        "send": _("sending"),
        "sign in": _("waiting for the sign-in"),
        "test node": _("testing the node"),
    }
    return doing.get(name, _("please wait"))
