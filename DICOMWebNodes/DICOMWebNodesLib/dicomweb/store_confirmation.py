"""Whether instances are at the server, where a store response does not tell."""

from __future__ import annotations

from typing import Dict, FrozenSet, List, Optional, Set, Tuple

from ..errors import Cancelled, DICOMWebNodesError
from ..nodes.service_type import Usage
from .qido_rs import QidoRS
from .query import Query
from .session import Session
from .store_batches import Batch


def found_by_search(session: Session, files: Batch) -> Optional[FrozenSet[str]]:
    """The SOP Instance UIDs of ``files`` that a search finds; None when that cannot be known, because the node offers
    no search or the search fails."""
    if not session.node.offers(Usage.SEARCH):
        return None
    by_series: Dict[Tuple[str, str], List[str]] = {}
    for file in files:
        identity = file.identity
        series = (identity.study_instance_uid, identity.series_instance_uid)
        by_series.setdefault(series if identity.study_instance_uid else ("", ""), []).append(file.uid)
    found: Set[str] = set()
    try:
        for series, uids in by_series.items():
            query = Query.instances(*series, SOPInstanceUID=uids)
            found.update(each.sop_instance_uid for each in QidoRS(session).search(query, _unheard))
    except Cancelled:
        raise
    except DICOMWebNodesError:
        return None
    return frozenset(found)


def _unheard(warning: str) -> None:
    """What is missing from the answer is missing from what is found."""
