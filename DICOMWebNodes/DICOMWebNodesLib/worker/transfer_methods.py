"""Methods that move instances: retrieve and store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Mapping, Sequence

from ..errors import InvalidValue
from .jobs import Job, OnCancel
from .methods import Items, Method, NodeReference, Object, Strings
from .service import checked_connections
from .teller import Teller

if TYPE_CHECKING:
    from ..dicomweb.resource import Resource
    from ..dicomweb.store_outcome import StoreOutcome
    from ..transfer.engine import Inventory
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    transfers = TransferMethods(service)
    return {
        "retrieve": Method(transfers.retrieve, "transfer", OnCancel.LET_IT_END),
        "store": Method(transfers.store, "transfer", OnCancel.LET_IT_END),
    }


class TransferMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def retrieve(
        self,
        job: Job,
        *,
        node: NodeReference,
        resources: Strings,
        output: str,
        inventory: Items = (),
        connections: int = 0,
        verify: bool = False,
    ) -> Object:
        """Files come to ``<output>/<study>/<series>/<instance>.dcm``; what fails is told, not raised.

        ``inventory``: [instance, file] that are elsewhere already; ``connections`` 0: as configured; ``verify``:
        compare with the server's list.
        Notifications with items: planned {requested, series: [[resource, expected]]}, stored [instance, path, bytes,
        already], failed {resource, instances, code, reason}, done {resource, stored, already_there, failed}; with a
        value: progress, moved.
        The result is the summary without its failures, which were told.
        """
        from ..dicomweb.resource import Resource
        from ..transfer.events import incomplete
        from ..transfer.folder import InstanceFolder

        wanted, addressing = self._service.wanted(node, list(map(Resource.parse, resources)))
        summary = self._service.workspace.retrieve(
            self._service.node(node),
            wanted,
            Path(output),
            listener=Teller(job).hear,
            control=job.control,
            inventory=_with(InstanceFolder(Path(output)).instances_of, inventory),
            connections=checked_connections(connections or self._service.connections),
            addressing=addressing,
            verify=verify,
        )
        if summary.failed:
            self._service.last_errors.note(incomplete(summary))
        account = summary.as_dict()
        del account["failed"]
        return account

    def store(
        self, job: Job, *, node: NodeReference, files: Strings, study_instance_uid: str = "", resumed: bool = False
    ) -> Object:
        """``resumed``: an earlier store of them did not end. Items: the outcome of each file; value of progress:
        {bytes, expected}.

        The result is the summary without its failures, which are among the items.
        """
        paths = list(map(Path, files))
        expected = sum(path.stat().st_size for path in paths if path.is_file())

        def outcome_known(outcome: StoreOutcome) -> None:
            job.control.gate()
            job.tell("items", outcome.as_dict())

        def moved(size: int) -> None:
            job.control.gate()
            job.show("progress", {"bytes": size, "expected": expected})

        summary = self._service.workspace.store(
            self._service.node(node),
            paths,
            study_instance_uid=study_instance_uid,
            on_outcome=outcome_known,
            on_progress=moved,
            control=job.control,
            resumed=resumed,
        )
        account = summary.as_dict()
        del account["failures"]
        return account


def _with(in_folder: Inventory, items: Sequence[Any]) -> Inventory:
    """What is in the folder, and what the client says it has elsewhere. Raises InvalidValue."""
    from ..dicomweb.resource import Resource

    elsewhere: Dict[Resource, Dict[Resource, Path]] = {}
    for item in items:
        if not (isinstance(item, list) and len(item) == 2 and all(isinstance(text, str) for text in item)):
            raise InvalidValue("an item of the inventory is not a pair of instance and file", field="inventory")
        instance = Resource.parse(item[0])
        for part in (instance.parent, instance.parent.parent):
            elsewhere.setdefault(part, {})[instance] = Path(item[1])

    def inventory(resource: Resource) -> Mapping[Resource, Path]:
        return {**in_folder(resource), **elsewhere.get(resource, {})}

    return inventory
