"""What the fields of the node editor say: a node is shown in them, and made of them."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import qt
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.tls import TLS
from slicer.i18n import tr as _

from .header_table import HeaderTable
from .proxy_fields import ProxyFields

# What instances are asked for in, with the names of PS3.6 table A-1 in short; any other UID can be typed.
_TRANSFER_SYNTAXES = (
    ("*", ""),
    ("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless"),
    ("1.2.840.10008.1.2.4.201", "HTJ2K lossless"),
)


class NodeFields:
    """On the node editor's widgets. ``uid``: of the node that they make; ``nodes``: all ListedNodes."""

    def __init__(self, ui: Any, uid: str, nodes: Sequence[Any]) -> None:
        self.ui = ui
        self._uid = uid
        self.headers = HeaderTable(ui.headers, ui.addHeaderButton, ui.removeHeaderButton)
        self.proxy = ProxyFields(ui)
        for service_type in ServiceType:
            ui.serviceType.addItem(service_type.value, service_type.name)
        ui.retrievePartner.addItem(_("no node"), "")
        for each in nodes:
            if each.node.service_type in (ServiceType.WADO_RS, ServiceType.WADO_URI, ServiceType.DICOMWEB):
                ui.retrievePartner.addItem(each.node.name, each.node.uid)
        for syntax, name in _TRANSFER_SYNTAXES:
            title = name or _("as stored")
            ui.transferSyntax.addItem(f"{syntax}  ({title})", syntax)

    def show_methods(self, methods: Mapping[str, Any], chosen: str = "") -> None:
        """``methods``: ListedMethods by uid."""
        blocker = qt.QSignalBlocker(self.ui.authentication)
        self.ui.authentication.clear()
        self.ui.authentication.addItem(_("none"), "")
        for uid, listed in methods.items():
            self.ui.authentication.addItem(listed.method.name, uid)
        choose(self.ui.authentication, chosen)
        blocker.unblock()

    def show(self, node: Optional[Node], copy: bool) -> None:
        """``copy``: it becomes another node, with a name of its own."""
        if node is None:
            self.ui.transferSyntax.setCurrentIndex(0)
            return
        ui = self.ui
        ui.name.text = _("{name} copy").format(name=node.name) if copy else node.name
        ui.url.text = node.url
        for line in (ui.name, ui.url):
            line.setCursorPosition(0)
        choose(ui.serviceType, node.service_type.name)
        choose(ui.retrievePartner, node.retrieve_partner)
        choose(ui.authentication, node.authentication)
        self.headers.show(node.headers, node.secret_headers)
        choose(ui.profile, node.profile)
        ui.connectTimeout.value = node.connect_timeout
        ui.readTimeout.value = node.read_timeout
        ui.pageSize.value = node.page_size or 0
        ui.documentLimit.value = node.document_limit
        if ui.transferSyntax.findData(node.transfer_syntax) < 0:
            ui.transferSyntax.addItem(node.transfer_syntax, node.transfer_syntax)
        choose(ui.transferSyntax, node.transfer_syntax)
        self.proxy.show(node.proxy, node.proxy_user, copy)
        ui.caFile.currentPath = node.tls.ca_file
        ui.clientCertificate.currentPath = node.tls.client_certificate
        ui.clientKey.currentPath = node.tls.client_key
        ui.verify.checked = node.tls.verify
        ui.allowPlainHttp.checked = node.allow_plain_http_credential

    def node(self) -> Node:
        """What the fields say. Raises InvalidNode, InvalidURL, InvalidHeader."""
        ui = self.ui
        service_type = ServiceType[ui.serviceType.currentData]
        return Node(
            name=ui.name.text,
            url=ui.url.text,
            service_type=service_type,
            uid=self._uid,
            retrieve_partner=ui.retrievePartner.currentData if service_type is ServiceType.QIDO_RS else "",
            headers=self.headers.plain(),
            secret_headers=self.headers.secret_names(),
            authentication=ui.authentication.currentData or "",
            allow_plain_http_credential=ui.allowPlainHttp.checked,
            connect_timeout=ui.connectTimeout.value,
            read_timeout=ui.readTimeout.value,
            tls=TLS(
                ui.verify.checked, ui.caFile.currentPath, ui.clientCertificate.currentPath, ui.clientKey.currentPath
            ),
            proxy=self.proxy.proxy,
            proxy_user=self.proxy.user,
            page_size=ui.pageSize.value or None,
            document_limit=ui.documentLimit.value,
            transfer_syntax=ui.transferSyntax.currentText.partition(" ")[0],
            profile=ui.profile.currentData or "",
        )


def choose(combo: Any, data: str) -> None:
    index = combo.findData(data)
    combo.setCurrentIndex(max(index, 0))
