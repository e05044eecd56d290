"""Methods that a client may call, and the check of what they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Sequence, Tuple, Union

from .jobs import OnCancel
from .protocol import INVALID_PARAMS, ProtocolViolation

Strings = Sequence[str]
Items = Sequence[Any]
Object = Dict[str, Any]
NodeReference = Union[str, Object]
"""Name, uid or URL of a node, or the node itself as JSON."""

_QUICK = "quick"
_KINDS: Mapping[str, Tuple[Tuple[type, ...], str]] = {
    "str": ((str,), "text"),
    "int": ((int,), "a whole number"),
    "bool": ((bool,), "true or false"),
    "Optional[bool]": ((bool, type(None)), "true, false or null"),
    "Optional[int]": ((int, type(None)), "a whole number or null"),
    "Optional[str]": ((str, type(None)), "text or null"),
    "Strings": ((list,), "a list of texts"),
    "Items": ((list,), "a list"),
    "JobId": ((int, str), "a number or text"),
    "Object": ((dict,), "an object"),
    "Optional[Object]": ((dict, type(None)), "an object or null"),
    "Optional[Strings]": ((list, type(None)), "a list of texts or null"),
    "NodeReference": ((str, dict), "text or an object"),
}


@dataclass(frozen=True)
class Method:
    """``run(job, **params)`` does it and gives a JSON value; its keyword parameters say what it takes.

    ``lane``: which jobs it waits behind (server.py); "quick" is for what asks no server: a list of nodes must come
    while one does not answer. ``is_reported``: whether its failures are worth keeping for a report.
    """

    run: Callable[..., Any]
    lane: str = _QUICK
    on_cancel: OnCancel = OnCancel.ANSWER_AT_ONCE
    is_reported: bool = True

    def __post_init__(self) -> None:
        unknown = {self.run.__annotations__[name] for name in self._names} - set(_KINDS)
        assert not unknown, f"{self.run.__qualname__} has parameters that cannot be checked: {unknown}"

    @property
    def _names(self) -> Tuple[str, ...]:
        code = self.run.__code__
        return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]

    def check(self, params: Mapping[str, Any]) -> None:
        """Raises ProtocolViolation: parameters that are unknown, missing or of another type."""
        names = self._names
        defaults = self.run.__kwdefaults__ or {}
        for name in params:
            if name not in names:
                raise _invalid(f"there is no parameter '{name[:80]}'; there are {', '.join(names) or 'none'}")
        for name in names:
            if name in params:
                _check_kind(name, params[name], self.run.__annotations__[name])
            elif name not in defaults:
                raise _invalid(f"the parameter '{name}' is missing")


def _check_kind(name: str, value: Any, kind: str) -> None:
    types, words = _KINDS[kind]
    wrong = not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
    if wrong or (isinstance(value, list) and "Strings" in kind and not all(isinstance(each, str) for each in value)):
        raise _invalid(f"the parameter '{name}' is not {words}")


def _invalid(message: str) -> ProtocolViolation:
    return ProtocolViolation(INVALID_PARAMS, message)
