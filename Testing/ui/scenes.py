"""The widgets in the states that a person meets, for pictures and for a look by eye."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, Callable, Dict

import qt
from DICOMWebNodesHost.import_values import ImportFailure, SeriesProgress
from DICOMWebNodesHost.logic_manifest import ManifestTarget, OpenedManifest
from DICOMWebNodesHost.logic_nodes import Choice, ListedNode
from DICOMWebNodesHost.sending import SendProgress
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.dicomweb.profile import profile_named
from DICOMWebNodesLib.errors import (
    ConnectionRefused,
    DatabaseUnavailable,
    Forbidden,
    InvalidManifest,
    NoPicture,
    SignInRequired,
    TLSFailed,
)
from DICOMWebNodesLib.nodes.node import Node, ServiceType
from DICOMWebNodesUI.authentication_editor import AuthenticationEditor
from DICOMWebNodesUI.authentication_manager import AuthenticationManager
from DICOMWebNodesUI.manifest_dialog import ManifestDialog
from DICOMWebNodesUI.module_panel import ModulePanel
from DICOMWebNodesUI.node_editor import NodeEditor
from DICOMWebNodesUI.part_chooser import PartChooser
from DICOMWebNodesUI.results_view import Wanted
from PySide6.QtCore import QBuffer, QIODevice
from ui.logic_by_hand import JobByHand, LogicByHand, checks, instance, outcome, series, study, summary

LONG = "Institute of Neuroradiology, research archive (read only, mirrored from the clinic each night)"
DEMO = ListedNode(Node("Orthanc public demo", "https://orthanc.uclouvain.be/demo/dicom-web", uid="orthanc-demo"), True)
_keep: list = []  # what a picture's widget needs to live


def methods() -> list:
    google = template("google-cloud-healthcare").fill(
        {"client_id": "1-a.apps.googleusercontent.com", "client_secret": "x"}
    )
    basic = template("basic").fill({"user_name": "reader", "password": "secret"})
    keycloak = template("keycloak").fill(
        {"base_url": "https://keycloak.example.org", "realm": "dcm4che", "client_id": "slicer"}
    )
    until = time.time() + 3000
    return [
        SimpleNamespace(method=google.method, status=AuthStatus(True, "signed in", "jane@example.org", until, True)),
        SimpleNamespace(method=basic.method, status=AuthStatus(True, "ready")),
        SimpleNamespace(method=keycloak.method, status=AuthStatus(False, "sign-in required")),
    ]


def logic() -> LogicByHand:
    listed = methods()
    nodes = [
        ListedNode(Node("Orthanc", "http://127.0.0.1:8042/dicom-web", uid="orthanc")),
        ListedNode(
            Node(
                LONG,
                "https://pacs-mirror.neuroradiology.university-hospital.example.org/dcm4chee-arc/aets/MIRROR/rs",
                uid="long",
                authentication=listed[2].method.uid,
            )
        ),
        ListedNode(
            Node(
                "Healthcare API",
                "https://healthcare.googleapis.com/v1/projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb",
                uid="google",
                service_type=ServiceType.QIDO_RS,
                authentication=listed[0].method.uid,
            )
        ),
        DEMO,
    ]
    made = LogicByHand(nodes, listed)
    _keep.append(made)
    return made


def module(width: int = 60, height: int = 48) -> tuple:
    """The panel as wide as Slicer's module panel usually is, in characters."""
    from_logic = logic()
    panel = ModulePanel(from_logic)
    metrics = panel.fontMetrics()
    panel.resize(metrics.averageCharWidth() * (width + 20), metrics.height() * height)
    _keep.append(panel)
    return panel, from_logic


# --- import ---------------------------------------------------------------------------------------------------------


def first_use() -> Any:
    by_hand = LogicByHand([DEMO])
    panel = ModulePanel(by_hand)
    panel.resize(panel.fontMetrics().averageCharWidth() * 80, panel.fontMetrics().height() * 34)
    _keep.append(by_hand)
    return panel


def searching() -> Any:
    panel, by_hand = module()
    form = panel.import_panel.search_form
    form.choose_node("orthanc")
    form.ui.PatientName.text = "Doe*"
    panel.import_panel.search()
    by_hand.last("search studies").find([study(number) for number in range(7)])
    return panel


def results() -> Any:
    panel, by_hand = module()
    by_hand.startThumbnail = thumbnail
    by_hand.here = {"1.2.1": 90, "1.2.1/1.2.1.1": 90}
    panel.import_panel.search_form.choose_node("orthanc")
    panel.import_panel.search()
    rows = [study(number) for number in range(1, 30)]
    rows.append(
        study(40, "VAN DER BERG-SCHWARZENEGGER^MARIA MAGDALENA THERESIA", description="Thorax, abdomen and pelvis")
    )
    job = by_hand.last("search studies").find(rows)
    job.warned.emit("the server held back some of the studies; narrow the search")
    job.end(tuple(rows))
    _settle()
    view = panel.import_panel.results
    for row in [row for row in view.results.rows.values() if row.resource == "1.2.1"]:
        view.children_of_rows.ask(row)
        by_hand.last("search series").find(
            [series(1, 1), series(1, 2, "<b>sagittal</b> reformation"), series(1, 3, "contours")]
        ).end()
        view.children_of_rows.ask(row.children[1])
        by_hand.last("search instances").find([instance(1, 2, number) for number in (1, 2, 3)]).end()
        index = view.proxy.mapFromSource(view.results.model.indexFromItem(row.item))
        view.ui.tree.expand(index.parent())
        view.ui.tree.expand(index)
        view.ui.tree.expand(view.proxy.mapFromSource(view.results.model.indexFromItem(row.children[1].item)))
        first = view.proxy.mapFromSource(view.results.model.indexFromItem(row.children[0].item))
        view.ui.tree.setCurrentIndex(first)
    return panel


def failing() -> Any:
    panel, _by_hand = module(height=62)
    panel.import_panel.search_form.choose_node("long")
    panel.import_panel.search_form.ui.more.collapsed = False
    panel.import_panel.search_form.ui.StudyInstanceUID.text = "1.2.x"
    panel.import_panel.errors.show_error(
        SignInRequired("nobody has signed in with 'Keycloak dcm4che'", node=LONG, asked="search studies"), "&Sign in..."
    )
    panel.import_panel.errors.ui.detailsButton.click()
    return panel


def no_database() -> Any:
    panel, by_hand = module(height=40)
    by_hand.problem = DatabaseUnavailable(
        "you may not write to the folder of Slicer's DICOM database, /data/shared/SlicerDICOMDatabase",
        offer="choose-folder",
        next_step="Choose a folder that you may write to.",
    )
    panel.import_panel.start_import(Wanted("orthanc", ("1.2.1",), "DOE, JANE", False))
    return panel


def many_nodes() -> Any:
    panel, _by_hand = module()
    form = panel.import_panel.search_form
    form.choose_node("several")
    form.ui.dates.setCurrentIndex(form.ui.dates.findData("range"))
    form.ui.modalities.setCheckState(form.ui.modalities.model().index(1, 0), qt.Qt.Checked)
    form.ui.modalities.setCheckState(form.ui.modalities.model().index(6, 0), qt.Qt.Checked)
    form.ui.nodes.item(0).setCheckState(qt.Qt.Checked)
    return panel


def several_nodes() -> Any:
    """Two have answered, one has failed, one is still waited for."""
    panel, by_hand = module(width=90)
    form = panel.import_panel.search_form
    form.choose_node("several")
    for row in range(form.ui.nodes.count):
        form.ui.nodes.item(row).setCheckState(qt.Qt.Checked)
    panel.import_panel.search()
    job = by_hand.last("search studies")
    job.find([study(number) for number in (1, 2, 3)], "orthanc").end_node("orthanc", count=3)
    job.find([study(number, instances=200) for number in (3, 4, 2)], "long")
    job.warned.emit(f"{LONG}: only 3 studies came: the server has more, but no further page of them; narrow the search")
    job.end_node("google", SignInRequired("nobody has signed in", node="Healthcare API", asked="search studies"))
    _settle()
    view = panel.import_panel.results
    view.ui.expandButton.checked = True
    row = next(row for row in view.results.rows.values() if row.resource == "1.2.3")
    view.ui.tree.setCurrentIndex(view.proxy.mapFromSource(view.results.model.indexFromItem(row.item)))
    return panel


def source_menu() -> Any:
    """The context menu of a study that is on two nodes."""
    panel = several_nodes()
    view = panel.import_panel.results
    view.menu.fill()
    _keep.append(panel)
    menu = view.menu.sources
    menu.setParent(None)
    return menu


# --- transfers ------------------------------------------------------------------------------------------------------


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
    panel.resize(panel.fontMetrics().averageCharWidth() * 80, panel.fontMetrics().height() * 34)
    job = by_hand.startImportStudies("orthanc", ["1.2.1"], "DOE, JANE  (P00001)")
    megabyte = 1_000_000
    job.show(
        SeriesProgress("1.2.1", "1.2.1.1", 180, 180, 180, 0, 95 * megabyte, 0, "done"),
        SeriesProgress("1.2.1", "1.2.1.2", 400, 211, 150, 0, 110 * megabyte, 48.0 * megabyte, "retrieving"),
        SeriesProgress("1.2.1", "1.2.1.3", 60, 24, 24, 0, 12 * megabyte, 0, "paused"),
        SeriesProgress("1.2.1", "1.2.1.4", 60, 0, 0, 0, 0, 0, "waiting"),
    )
    by_hand.startImportStudies("orthanc", ["1.2.2"], "DOE, JOHN  (P00002)").pause()
    failure = ImportFailure(
        "1.2.3/1.2.3.1", "Orthanc: could not retrieve instance 1.2.3.1.7: the server answered 500.", 3
    )
    incomplete = by_hand.startImportStudies("orthanc", ["1.2.3"], "VAN DER BERG-SCHWARZENEGGER, MARIA MAGDALENA")
    incomplete.end(summary("1.2.3.1", failures=(failure,)))
    by_hand.startImportStudies("long", ["1.2.4"], "ROE, RICHARD").break_off(
        ConnectionRefused("nothing listens on port 8042", node=LONG, asked="retrieve study 1.2.4")
    )
    sending = by_hand.startSend("orthanc", ["1.2.1.1"], title="DOE^JANE")
    sending.progressed.emit(SendProgress(180, 71, 0, 38 * megabyte, 95 * megabyte, 12.0 * megabyte))
    sent = by_hand.startSend("orthanc", ["1.2.3.1"], title="ROE^RICHARD")
    refused = outcome("1.2.3.1", 3, "the server has no room left for it (A700)")
    sent.settle(outcome("1.2.3.1", 1), outcome("1.2.3.1", 2), refused)
    sent.end(SimpleNamespace(complete=False, failures=(refused,)))
    panel.tabs.setCurrentWidget(panel.transfers_panel)
    table = panel.transfers_panel.ui.table
    table.expandAll()
    table.setCurrentIndex(table.model().index(6, 0))
    _keep.extend((by_hand, panel))
    return panel


# --- nodes and authentication ---------------------------------------------------------------------------------------


def nodes() -> Any:
    panel, by_hand = module(height=28)
    panel.tabs.setCurrentWidget(panel.node_manager)
    manager = panel.node_manager
    for row, failed in ((0, ()), (1, ("STOW-RS",))):
        manager.ui.table.setCurrentIndex(manager.ui.table.model().index(row, 0))
        manager.test()
        by_hand.last("test node").end(checks(*failed))
    return panel


def _editor(**options: Any) -> Any:
    by_hand = logic()
    by_uid = {each.method.uid: each for each in by_hand.methods}
    editor = NodeEditor(by_hand, by_hand.listed, by_uid, **options)
    _keep.append(editor)
    return editor


def new_node() -> Any:
    return _editor()


def wrong_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Orthanc"
    editor.ui.url.text = "http://reader:secret@orthanc.example.org:8042/dicom-web?x=1"
    return editor


def provider_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Research store"
    editor.ui.profile.setCurrentIndex(editor.ui.profile.findData("google"))
    for name, value in (
        ("project", "my-project"),
        ("location", "europe-west4"),
        ("dataset", "brain"),
        ("store", "ct 1"),
    ):
        editor.provider.fields[name].text = value
    return editor


def recognised_node() -> Any:
    editor = _editor()
    editor.ui.name.text = "Archive"
    editor.ui.url.text = "https://pacs.example.org:8443/dcm4chee-arc/aets/DCM4CHEE/rs"
    return editor


def full_node() -> Any:
    node = Node(
        LONG,
        "https://orthanc.example.org:8042/dicom-web",
        headers=(("X-Project", "brain"), ("Accept-Language", "en")),
        secret_headers=("X-Api-Key",),
        page_size=500,
    )
    editor = _editor(listed=ListedNode(node))
    editor.ui.advanced.collapsed = False
    editor._test()
    editor._logic.last("test node").end(checks("STOW-RS"))
    return editor


def choosing_a_store() -> Any:
    by_hand = logic()
    chooser = PartChooser(by_hand, profile_named("google"), by_hand.methods)
    by_hand.last("choices").end((Choice("radiology-archive-2024", LONG),))
    by_hand.last("choices").end((Choice("europe-west4"), Choice("us-central1")))
    chooser.combos["location"].setCurrentIndex(0)
    words = "Permission 'healthcare.datasets.list' denied on resource 'projects/radiology-archive-2024'"
    refused = Forbidden(f"the server answered 403 Forbidden (“{words}”)", status=403, node="Google Cloud Healthcare")
    by_hand.last("choices").break_off(refused)
    _keep.extend((by_hand, chooser))
    return chooser


def authentication() -> Any:
    manager = AuthenticationManager(logic())
    _keep.append(manager)
    return manager


def signing_in() -> Any:
    by_hand = logic()
    manager = AuthenticationManager(by_hand, chosen=by_hand.methods[2].method.uid)
    manager.sign_in()
    url = "https://keycloak.example.org/realms/dcm4che/protocol/openid-connect/auth?client_id=slicer&state=abc"
    by_hand.last("sign in").prompted.emit(SimpleNamespace(url=url, user_code="", short_url=""))
    manager.errors.show_error(TLSFailed("the certificate of keycloak.example.org has expired", asked="sign in"))
    _keep.append(manager)
    return manager


def new_method() -> Any:
    editor = AuthenticationEditor(logic())
    editor.ui.template.setCurrentIndex(editor.ui.template.findText("Default Keycloak"))
    _keep.append(editor)
    return editor


def wrong_method() -> Any:
    editor = new_method()
    editor.questions.fields["base_url"].text = "keycloak"
    editor.fill()
    return editor


def filled_method() -> Any:
    editor = AuthenticationEditor(logic())
    editor.ui.template.setCurrentIndex(editor.ui.template.findText("Default Keycloak"))
    for name, text in (("base_url", "https://keycloak.example.org"), ("realm", "dcm4che"), ("client_id", "slicer")):
        editor.questions.fields[name].text = text
    editor.fill()
    _keep.append(editor)
    return editor


def password_method() -> Any:
    by_hand = logic()
    editor = AuthenticationEditor(by_hand, by_hand.methods[1].method)
    _keep.append(editor)
    return editor


def target(**fields: Any) -> ManifestTarget:
    values = {
        "reference": "manifest:1",
        "url": "https://pacs.example.org/wado",
        "host": "pacs.example.org",
        "serviceType": "WADO-URI",
        "node": "",
        "patients": (("DOE^JOHN", "P1"),),
        "studies": 1,
        "series": 2,
        "instances": 384,
        "searched": (),
        "headerNames": ("Authorization",),
        "exposesSecrets": False,
    }
    return ManifestTarget(**{**values, **fields})


def manifest(*targets: ManifestTarget) -> OpenedManifest:
    return OpenedManifest(targets or (target(),), ("It says: Warning: One study is offline",))


def opened_manifest() -> Any:
    by_hand = logic()
    dialog = ManifestDialog(by_hand)
    dialog.ui.source.text = (
        "weasis://%24dicom%3Aget+-w+%22https%3A%2F%2Fpacs.example.org%2Fmanifest%3FstudyUID%3D1.2.840"
    )
    dialog.show_what_it_asks_for()
    wide = target(
        reference="manifest:2",
        url="http://pacs-mirror.neuroradiology.university-hospital.example.org:8080/dcm4chee-arc/aets/MIRROR/rs",
        host="pacs-mirror.neuroradiology.university-hospital.example.org:8080",
        serviceType="DICOMweb (all RESTful services)",
        node=LONG,
        patients=(("VAN DER BERG-SCHWARZENEGGER^MARIA MAGDALENA THERESIA", "0000123456789"), ("<b>DOE</b>", "")),
        series=0,
        instances=0,
        searched=("PatientID 97026728",),
        headerNames=(),
        exposesSecrets=True,
    )
    by_hand.last("open manifest").end(manifest(target(), wide))
    return dialog


def unopened_manifest() -> Any:
    by_hand = logic()
    dialog = ManifestDialog(by_hand)
    dialog.ui.source.text = "manifest.xml"
    dialog.show_what_it_asks_for()
    by_hand.last("open manifest").break_off(
        InvalidManifest("the manifest has a document type, which could define anything")
    )
    return dialog


def thumbnail(node: str, resource: str) -> JobByHand:
    """Answered at once; a third series is a report."""
    job = JobByHand("thumbnail", {"resource": resource}).run()
    if resource.endswith(".3"):
        return job.break_off(NoPicture("it is a radiotherapy structure set, not an image", modality="RTSTRUCT"))
    return job.end(SimpleNamespace(contentType="image/png", data=picture()))


def _settle() -> None:
    import slicer

    for _ in range(50):
        slicer.app.processEvents()


def picture() -> bytes:
    """A PNG of a grey disc."""
    image = qt.QImage(64, 64, qt.QImage.Format_RGB32)
    image.fill(qt.QColor(0, 0, 0))
    painter = qt.QPainter(image)
    painter.setBrush(qt.QBrush(qt.QColor(170, 170, 170)))
    painter.drawEllipse(8, 8, 48, 48)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def settings_page() -> Any:
    from DICOMWebNodesUI.settings_panel import SettingsPanel

    hand = logic()
    panel = SettingsPanel(lambda: hand)
    panel.ui.moveSecretsButton.click()
    panel.ui.diagnosticsButton.click()
    hand.last("diagnostics").end("")
    panel.resize(panel.fontMetrics().averageCharWidth() * 90, panel.sizeHint.height())
    _keep.append(hand)
    return panel


SCENES: Dict[str, Callable[[], Any]] = {
    make.__name__.replace("_", "-"): make
    for make in (
        first_use,
        searching,
        results,
        failing,
        no_database,
        many_nodes,
        several_nodes,
        opened_manifest,
        unopened_manifest,
        source_menu,
        no_transfers,
        transfers,
        nodes,
        new_node,
        wrong_node,
        provider_node,
        recognised_node,
        full_node,
        choosing_a_store,
        authentication,
        signing_in,
        new_method,
        wrong_method,
        filled_method,
        password_method,
        settings_page,
    )
}
