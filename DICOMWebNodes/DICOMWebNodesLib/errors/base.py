"""The root of the tree: what every error can tell."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Tuple, Type

from ..text import Text, sentence


class DICOMWebNodesError(Exception):
    """What happened, to which node, and what to do.

    ``cause`` is a sentence without a full stop; ``asked`` completes "could not ..."; both and ``next_step`` are a
    :class:`..text.Text` where something is filled in, so that they can be shown in another language. ``detail`` is what
    the server sent, shortened and without secrets, for a "Details" button. ``code`` is stable across versions: the
    worker process sends it instead of the class.
    """

    code = "error"
    next_step: str = ""

    def __init__(
        self,
        cause: str,
        *,
        node: str = "",
        asked: str = "",
        next_step: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(cause)
        self.cause: str = sentence(cause)
        self.node = node
        self.asked: str = sentence(asked)
        self.next_step = sentence(next_step or type(self).next_step)
        self.detail = detail

    def __str__(self) -> str:
        return str(self.in_full)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> Tuple[Any, ...]:
        """Without its own constructor, which wants names: a pool of processes hangs on an error that it cannot read."""
        return _made, (type(self), self.args, self.__dict__)

    @property
    def sentences(self) -> Text:
        """What happened and what to do, for where it is known what was asked of which node."""
        cause = sentence(self.cause)
        if not self.next_step:
            return Text("{cause}.", cause=cause)
        return Text("{cause}. {next_step}", cause=cause, next_step=sentence(self.next_step))

    @property
    def in_full(self) -> Text:
        said = self.sentences
        if self.asked:
            said = Text("could not {asked}: {said}", asked=sentence(self.asked), said=said)
        return Text("{node}: {said}", node=self.node, said=said) if self.node else said

    def about(self, *, node: str = "", asked: str = "") -> DICOMWebNodesError:
        """Fill in the node and the request where they are still unknown; for ``raise error.about(...)``."""
        self.node = self.node or node
        self.asked = self.asked or sentence(asked)
        return self

    def as_dict(self) -> Dict[str, Any]:
        """The fields as JSON values, for the worker's protocol and ``--json``."""
        fields = ("code", "cause", "node", "asked", "next_step", "detail")
        return {name: getattr(self, name) for name in fields}


def _made(kind: Type[DICOMWebNodesError], args: Tuple[Any, ...], state: Mapping[str, Any]) -> DICOMWebNodesError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
