"""What the scenes share: the nodes and ways to sign in of a person, the panel, a picture."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import qt
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesLib.auth.status import AuthStatus
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.errors import NoPicture
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesUI.fonts import metrics
from DICOMWebNodesUI.module_panel import ModulePanel
from ui.job_by_hand import JobByHand
from ui.logic_by_hand import LogicByHand

LONG = "Institute of Neuroradiology, research archive (read only, mirrored from the clinic each night)"
DEMO = ListedNode(Node("Orthanc public demo", "https://orthanc.uclouvain.be/demo/dicom-web", uid="orthanc-demo"), True)
_kept: list = []


def keep(*things: Any) -> None:
    """What the widget of a picture needs to live."""
    _kept.extend(things)


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
    keep(made)
    return made


def module(width: int = 60, height: int = 48) -> tuple:
    """The panel as wide as Slicer's module panel usually is, in characters."""
    from_logic = logic()
    panel = ModulePanel(from_logic)
    letters = metrics(panel)
    panel.resize(letters.averageCharWidth() * (width + 20), letters.height() * height)
    keep(panel)
    return panel, from_logic


def settle() -> None:
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
    buffer = qt.QBuffer()
    buffer.open(qt.QIODevice.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def thumbnail(node: str, resource: str) -> JobByHand:
    """Answered at once; a third series is a report."""
    job = JobByHand("thumbnail", {"resource": resource}).run()
    if resource.endswith(".3"):
        return job.break_off(NoPicture("it is a radiotherapy structure set, not an image", modality="RTSTRUCT"))
    return job.end(SimpleNamespace(contentType="image/png", data=picture()))
