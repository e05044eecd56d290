"""Methods that search: one node, or many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Optional, Set

from ..errors import InvalidValue
from ..text import Text
from .jobs import Job
from .methods import Items, Method, NodeReference, Object, Strings
from .values import passable_row

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes
    from ..dicomweb.query import Query
    from ..workspace.many_nodes import Event
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    searches = SearchMethods(service)
    return {"search": Method(searches.search, "server"), "search.nodes": Method(searches.search_nodes, "server")}


class SearchMethods:
    """``matching``: attributes with text, or a list of texts; ``within``: a study or series."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def search(
        self,
        job: Job,
        *,
        node: NodeReference,
        level: str = "studies",
        matching: Optional[Object] = None,
        within: str = "",
        includefield: Optional[Strings] = None,
        fuzzymatching: bool = False,
        limit: Optional[int] = None,
        offset: int = 0,
    ) -> Object:
        """Items: rows of DICOM JSON (PS3.18 annex F), each as text, which the client reads when it shows it."""
        query = _query(level, matching, within, includefield, fuzzymatching, limit, offset)
        found = self._service.workspace.search(self._service.node(node), query, job.warn, control=job.control)
        return tell_rows(job, found)

    def search_nodes(
        self,
        job: Job,
        *,
        nodes: Items,
        level: str = "studies",
        matching: Optional[Object] = None,
        within: str = "",
        includefield: Optional[Strings] = None,
        fuzzymatching: bool = False,
        limit: Optional[int] = None,
        offset: int = 0,
    ) -> Object:
        """Notifications with items: searching {uid, name}, of each node, before all others; then, with the position of
        the node among these, items [position, row of DICOM JSON as text], node_warned [position, text] and node_ended
        {node: position, count, error: null or the error's fields}. ``limit``: of each node;
        ``offset``: of a single one.
        """
        query = _query(level, matching, within, includefield, fuzzymatching, limit, offset)
        if not nodes or not all(isinstance(node, (str, dict)) for node in nodes):
            raise InvalidValue("the nodes are no list of names or nodes", field="nodes", next_step="Name one at least.")
        chosen = list({node.uid: node for node in map(self._service.node, nodes)}.values())
        events = self._service.workspace.search_nodes(chosen, query, control=job.control)
        if offset and len(chosen) > 1:
            raise InvalidValue("an offset counts the results of one node, and several are given", field="offset")
        for node in chosen:
            job.tell("searching", {"uid": node.uid, "name": node.name})
        teller = _Teller(job, {node.uid: position for position, node in enumerate(chosen)})
        for event in events:
            teller.hear(event)
        return {"count": teller.count}


class _Teller:
    """Turns the events of a search into notifications. ``positions``: of nodes, by uid."""

    def __init__(self, job: Job, positions: Mapping[str, int]) -> None:
        self._job = job
        self._positions = positions
        self._left_out: Dict[int, Set[str]] = {}
        self.count = 0

    def hear(self, event: Event) -> None:
        from ..workspace.many_nodes import Found, Warned

        position = self._positions[event.node.uid]
        if isinstance(event, Found):
            row, omitted = passable_row(event.attributes.raw)
            if omitted:
                self._left_out.setdefault(position, set()).update(omitted)
            self._job.tell("items", [position, row], is_data=True)
            self.count += 1
        elif isinstance(event, Warned):
            self._job.tell("node_warned", [position, event.text])
        else:
            if position in self._left_out:
                self._job.tell("node_warned", [position, _in_words(self._left_out[position])])
            error = event.error.as_dict() if event.error is not None else None
            self._job.tell("node_ended", {"node": position, "count": event.count, "error": error})


def tell_rows(job: Job, rows: Iterable[Attributes]) -> Object:
    """Each row as an item, a text. The result: how many there were."""
    count = 0
    left_out: Set[str] = set()
    for attributes in rows:
        row, omitted = passable_row(attributes.raw)
        left_out.update(omitted)
        job.tell("items", row, is_data=True)
        count += 1
    if left_out:
        job.warn(_in_words(left_out))
    return {"count": count}


def _in_words(left_out: Set[str]) -> str:
    return Text(
        "attributes that are too long to be shown were left out: {names}", names=", ".join(sorted(left_out)[:20])
    )


def _query(
    level: str,
    matching: Optional[Object],
    within: str,
    includefield: Optional[Strings],
    fuzzymatching: bool,
    limit: Optional[int],
    offset: int,
) -> Query:
    """Raises InvalidQuery, InvalidUID."""
    from ..dicomweb.query import Query
    from ..dicomweb.resource import Level, Resource

    return Query(
        _level(Level, level),
        tuple((name, _values(name, value)) for name, value in (matching or {}).items()),
        Resource.parse(within) if within else None,
        tuple(includefield or ()),
        fuzzymatching,
        limit,
        offset,
    )


def _level(levels: Any, level: str) -> Any:
    from ..errors import InvalidQuery

    try:
        return levels(level)
    except ValueError:
        choices = ", ".join(each.value for each in levels)
        raise InvalidQuery(
            Text("the level is {level!r}", level=level),
            field="level",
            next_step=Text("Choose one of {choices}.", choices=choices),
        ) from None


def _values(name: str, value: Any) -> Any:
    from ..errors import InvalidQuery

    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\\".join(value)
    if not isinstance(value, str):
        raise InvalidQuery(
            Text("{name} is {value!r}", name=name, value=value), field=name, next_step="Give text, or a list of texts."
        )
    return value
