"""Send series of the DICOM database to one of the nodes that store."""

from __future__ import annotations

from typing import Any, Callable, List, Sequence

import qt
from DICOMWebNodesLib.errors import TransferError
from DICOMWebNodesLib.nodes.service_type import Usage
from slicer.i18n import tr as _


class SendMenu:
    """The menu of ``button``.

    ``with_series(f)`` calls ``f`` with the UIDs to send; ``failed(error)`` is told why nothing is sent.
    """

    def __init__(
        self,
        logic: Any,
        button: Any,
        with_series: Callable[[Callable[[List[str]], None]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._logic = logic
        self._with_series = with_series
        self._failed = failed
        self._nodes: Sequence[Any] = ()
        self.menu = qt.QMenu(button)
        button.setMenu(self.menu)

    def set_nodes(self, listed: Sequence[Any]) -> None:
        self.menu.clear()
        nodes = [each.node for each in listed if each.node.offers(Usage.STORE)]
        for node in nodes:
            action = self.menu.addAction(_("to {name}").format(name=node.name.replace("&", "&&")))
            action.triggered.connect(lambda checked, uid=node.uid: self.send(uid))
        if not nodes:
            self.menu.addAction(_("no node stores")).setEnabled(False)

    def send(self, node: str) -> None:
        self._with_series(lambda series: self._send(node, series))

    def _send(self, node: str, series: List[str]) -> None:
        if series:
            self._logic.startSend(node, seriesUIDs=series)
            return
        next_step = _("Import it first: what is sent comes from the database.")
        self._failed(TransferError(_("nothing of what is selected is in the DICOM database"), next_step=next_step))
