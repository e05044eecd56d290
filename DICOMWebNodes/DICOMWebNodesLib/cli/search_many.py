"""``search`` on several nodes: the results of all in one list, each once, with the nodes that have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple

from ..errors import DICOMWebNodesError
from .context import Context
from .exit_codes import ExitCode, exit_code_of

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes
    from ..dicomweb.identity import MergedAttributes
    from ..dicomweb.query import Query
    from ..nodes.node import Node
    from ..workspace.many_nodes import Event

_SINGULAR = {"studies": "study", "series": "series", "instances": "instance"}
_UIDS = re.compile(r"[0-9.\s]+(/[0-9.\s]+)*")  # with blanks, so that they are found to be wrong in a UID, not as a node


class ManySearch:
    """What the ``nodes`` gave. A node without an end has not answered, because somebody did not want to wait.

    ``limit``: how many results are shown; of each node one more was asked for.
    """

    def __init__(self, nodes: Sequence[Node], limit: Optional[int]) -> None:
        self.nodes = nodes
        self._limit = limit
        self._found: Dict[str, List[Attributes]] = {node.uid: [] for node in nodes}
        self._errors: Dict[str, Optional[DICOMWebNodesError]] = {}

    def run(self, context: Context, query: Query) -> bool:
        """False when Ctrl-C ended it; what has come by then is kept."""
        with context.workspace() as workspace:
            try:
                for event in workspace.search_nodes(self.nodes, query):
                    self._take(context, event)
            except KeyboardInterrupt:
                return False
        return True

    def results(self, query: Query) -> List[MergedAttributes]:
        from ..dicomweb.identity import merged

        return merged(query.level, ((node.name, self._found[node.uid]) for node in self.nodes))

    @property
    def lacking(self) -> str:
        """ "; Clinic failed; Archive did not answer", or nothing."""
        failed = (f"; {node.name} failed" for node in self.nodes if self._errors.get(node.uid) is not None)
        silent = (f"; {node.name} had not answered" for node in self.nodes if node.uid not in self._errors)
        return "".join((*failed, *silent))

    @property
    def has_more(self) -> bool:
        return any(self._is_more(len(rows)) for rows in self._found.values())

    @property
    def exit_code(self) -> ExitCode:
        """When every node failed for one reason, it is that reason that matters."""
        errors = [error for error in self._errors.values() if error is not None]
        if not errors:
            return ExitCode.DONE
        if len(errors) < len(self.nodes) or any(self._found.values()):
            return ExitCode.INCOMPLETE
        codes = {exit_code_of(type(error)) for error in errors}
        return codes.pop() if len(codes) == 1 else ExitCode.FAILED

    def _take(self, context: Context, event: Event) -> None:
        from ..workspace.many_nodes import Found, Warned

        uid, name = event.node.uid, event.node.name
        if isinstance(event, Found):
            self._found[uid].append(event.attributes)
        elif isinstance(event, Warned):
            context.console.warn(f"{name}: {event.text}")
        else:
            self._errors[uid] = event.error
            said = f"error: {event.error}" if event.error else f"{name}: {self._told(context, event.count)}"
            context.console.tell(said)

    def _told(self, context: Context, count: int) -> str:
        level = context.args.level
        return f"more than {in_words(self._limit or 0, level)}" if self._is_more(count) else in_words(count, level)

    def _is_more(self, count: int) -> bool:
        return self._limit is not None and count > self._limit


def in_words(count: int, level: str) -> str:
    """ "no studies", "1 study"."""
    return f"{count} {_SINGULAR[level]}" if count == 1 else f"{count or 'no'} {level}"


def nodes_and_place(context: Context) -> Tuple[List[Node], str]:
    """The nodes that are named, each once, and the study or series to search in: the last word, if it is UIDs."""
    words: List[str] = list(context.args.nodes)
    place = words.pop() if len(words) > 1 and context.args.level != "studies" and _is_place(words[-1]) else ""
    return list({node.uid: node for node in map(context.resolve, words)}.values()), place.strip()


def _is_place(word: str) -> bool:
    return bool(_UIDS.fullmatch(word))
