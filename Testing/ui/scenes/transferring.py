"""The page Transfers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from DICOMWebNodesHost.import_values import ImportFailure
from DICOMWebNodesHost.send_values import SendProgress
from DICOMWebNodesHost.series_progress import SeriesProgress
from DICOMWebNodesLib.errors import ConnectionRefused
from DICOMWebNodesLib.text import Text
from DICOMWebNodesUI.fonts import metrics
from DICOMWebNodesUI.module_panel import ModulePanel
from ui.found import outcome, summary
from ui.scenes.desk import LONG, keep, logic, module

T2 = "t2_tse_tra_p2_320 with a long name"


def no_transfers() -> Any:
    panel, _by_hand = module(height=24)
    panel.tabs.setCurrentWidget(panel.transfers_panel)
    return panel


def transfers() -> Any:
    by_hand = logic()
    by_hand.unfinished = [
        SimpleNamespace(uid="u", node="orthanc", resources=("1.2.9",), title="MILLER, ANNE  (P00042)")
    ]
    panel = ModulePanel(by_hand)
    panel.resize(metrics(panel).averageCharWidth() * 80, metrics(panel).height() * 34)
    job = by_hand.startImportStudies("orthanc", ["1.2.1"], "DOE, JANE  (P00001)")
    megabyte = 1_000_000
    job.show(
        SeriesProgress("1.2.1", "1.2.1.1", 180, 180, 180, 0, 95 * megabyte, 0, "done", "", "Localizer", "1"),
        SeriesProgress(
            "1.2.1", "1.2.1.2", 400, 211, 150, 0, 110 * megabyte, 48.0 * megabyte, "retrieving", "", T2, "501"
        ),
        SeriesProgress("1.2.1", "1.2.1.3", 60, 24, 24, 0, 12 * megabyte, 0, "paused", "", "", "7"),
        SeriesProgress("1.2.1", "1.2.1.4", 60, 0, 0, 0, 0, 0, "waiting"),
    )
    by_hand.startImportStudies("orthanc", ["1.2.2"], "DOE, JOHN  (P00002)").pause()
    failure = ImportFailure(
        "1.2.3/1.2.3.1", "Orthanc: could not retrieve instance 1.2.3.1.7: the server answered 500.", 3
    )
    incomplete = by_hand.startImportStudies("orthanc", ["1.2.3"], "VAN DER BERG-SCHWARZENEGGER, MARIA MAGDALENA")
    incomplete.end(summary("1.2.3.1", failures=(failure,)))
    by_hand.startImportStudies("long", ["1.2.4"], "ROE, RICHARD").break_off(
        ConnectionRefused(
            Text("nothing listens at {host}", host="pacs.example.org:8042"),
            node=LONG,
            asked=Text("retrieve {resource}", resource=Text("study {uid}", uid="1.2.4")),
        )
    )
    sending = by_hand.startSend("orthanc", ["1.2.1.1"], title="DOE^JANE")
    sending.show(
        SeriesProgress(
            "1.2.1", "1.2.1.1", 120, 51, 51, 0, 27 * megabyte, 12.0 * megabyte, "sending", "", "Localizer", "1"
        ),
        SeriesProgress("1.2.1", "1.2.1.2", 60, 20, 20, 0, 11 * megabyte, 0, "paused", "", T2, "501"),
    )
    sending.progressed.emit(SendProgress(180, 71, 0, 38 * megabyte, 95 * megabyte, 12.0 * megabyte))
    sent = by_hand.startSend("orthanc", ["1.2.3.1"], title="ROE^RICHARD")
    refused = outcome("1.2.3.1", 3, "the server has no room left for it (A700)")
    sent.settle(outcome("1.2.3.1", 1), outcome("1.2.3.1", 2), refused)
    sent.end(SimpleNamespace(complete=False, failures=(refused,)))
    panel.tabs.setCurrentWidget(panel.transfers_panel)
    table = panel.transfers_panel.ui.table
    table.expandAll()
    table.setCurrentIndex(table.model().index(6, 0))
    keep(by_hand, panel)
    return panel
