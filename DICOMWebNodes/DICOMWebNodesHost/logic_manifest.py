"""The logic's part for manifests and links of others: shown first, then imported as anything else."""

from dataclasses import dataclass
from typing import Any, Dict, Tuple

from .job import Job
from .logic_base import LogicBase


@dataclass(frozen=True)
class ManifestTarget:
    """What would come from one server. ``node``: name of the person's own node with that address, or "".

    ``patients``: pairs of name and ID, as the manifest has them; ``searched``: what has to be searched for;
    ``headerNames``: of header fields that it brings; ``exposesSecrets``: these would travel without TLS.
    """

    reference: str
    url: str
    host: str
    serviceType: str
    node: str
    patients: Tuple[Tuple[str, str], ...]
    studies: int
    series: int
    instances: int
    searched: Tuple[str, ...]
    headerNames: Tuple[str, ...]
    exposesSecrets: bool

    @property
    def title(self) -> str:
        """The first patient's name or ID, else the host."""
        return next((text for patient in self.patients for text in patient if text), self.host)


@dataclass(frozen=True)
class OpenedManifest:
    """``remarks``: what the person who decides should know."""

    targets: Tuple[ManifestTarget, ...]
    remarks: Tuple[str, ...]


@dataclass(frozen=True)
class AcceptedManifest:
    """What to import it with: ``importStudies(node, resources)``; ``remarks``: what else the server lists of it, which
    cannot be asked for."""

    node: str
    resources: Tuple[str, ...]
    remarks: Tuple[str, ...] = ()


class ManifestLogic(LogicBase):
    def startOpenManifest(self, source: str) -> Job:
        """``source``: a path, an address, a ``weasis://`` link. Nothing that it names is fetched."""
        return self._start(
            "open manifest", "manifest.open", {"source": str(source)}, conclude=lambda result, items: _opened(result)
        )

    def openManifest(self, source: str) -> OpenedManifest:
        opened: OpenedManifest = self.wait(self.startOpenManifest(source))
        return opened

    def startAcceptManifest(self, target: ManifestTarget, allowPlainHTTP: bool = False) -> Job:
        """When a person has agreed. Searches for what the manifest does not name by UIDs."""
        return self._start(
            "accept manifest",
            "manifest.accept",
            {"reference": target.reference, "allow_plain_http": allowPlainHTTP},
            conclude=lambda result, items: AcceptedManifest(
                result["node"], tuple(result["resources"]), tuple(result["remarks"])
            ),
        )

    def acceptManifest(self, target: ManifestTarget, allowPlainHTTP: bool = False) -> AcceptedManifest:
        accepted: AcceptedManifest = self.wait(self.startAcceptManifest(target, allowPlainHTTP))
        return accepted


def _opened(result: Dict[str, Any]) -> OpenedManifest:
    targets = tuple(
        ManifestTarget(
            reference=each["reference"],
            url=each["url"],
            host=each["host"],
            serviceType=each["service_type"],
            node=each["node"],
            patients=tuple((name, patientID) for name, patientID in each["patients"]),
            studies=each["studies"],
            series=each["series"],
            instances=each["instances"],
            searched=tuple(each["searched"]),
            headerNames=tuple(each["header_names"]),
            exposesSecrets=each["exposes_secrets"],
        )
        for each in result["targets"]
    )
    return OpenedManifest(targets, tuple(result["remarks"]))
