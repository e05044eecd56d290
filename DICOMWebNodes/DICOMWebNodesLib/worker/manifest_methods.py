"""Methods that open manifests and links of others, and say what came of them once a person has agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List

from ..errors import InvalidValue
from .jobs import Job
from .methods import Method, Object

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    manifests = ManifestMethods(service)
    return {"manifest.open": Method(manifests.open, "server"), "manifest.accept": Method(manifests.accept, "server")}


class ManifestMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def open(self, job: Job, *, source: str) -> Object:
        """``source``: a path, an address, a ``weasis://`` link. Nothing that it names is fetched.

        {targets: [{reference, url, host, service_type, node, is_known, patients: [[name, id]], studies, series,
        instances, searched: [text], header_names, exposes_secrets}], remarks}; no value of a header, no parameter.
        """
        from ..manifests.target import described

        opened = self._service.workspace.open_manifest(source, control=job.control)
        references = self._service.manifests.keep(opened.targets)
        targets = [{"reference": each, **described(target)} for each, target in zip(references, opened.targets)]
        return {"targets": targets, "remarks": list(opened.remarks)}

    def accept(self, job: Job, *, reference: str, allow_plain_http: bool = False) -> Object:
        """What a retrieve is to be asked with: {node, resources, remarks}. Searches where the manifest names no UIDs;
        ``remarks``: what of that cannot be asked for."""
        target = self._service.manifests.find(reference)
        if target is None:
            raise InvalidValue("there is no such manifest any more", field="reference", next_step="Open it again.")
        target.check_plain_http(allow_plain_http)
        target = self._service.workspace.identified(target.allowed(allow_plain_http), control=job.control)
        remarks: List[str] = []
        found = self._service.workspace.resources_of(target, on_warning=remarks.append, control=job.control)
        node, resources = self._service.manifests.accept(reference, target, found)
        return {"node": node, "resources": [str(resource) for resource in resources], "remarks": remarks}
