"""What a person chose in the application's settings, and who wants to hear of changes."""

from dataclasses import dataclass
from typing import Any, Callable, Dict
from weakref import WeakSet

GROUP = "DICOMWebNodes"
LOG_LEVELS = ("warning", "info", "debug")
MOST_SERIES = 32

_listeners: "WeakSet[Any]" = WeakSet()


def listen(listener: Any) -> None:
    """``listener.settingsChanged()`` is called after a change, as long as somebody else keeps the listener."""
    _listeners.add(listener)


def tellChanged() -> None:
    for listener in tuple(_listeners):
        listener.settingsChanged()


@dataclass(frozen=True)
class Settings:
    """``parallelSeries``: requests of one transfer side by side, at most; fewer when more would not be faster."""

    parallelSeries: int = 16
    logLevel: str = "info"

    def forWorker(self) -> Dict[str, Any]:
        return {"connections": self.parallelSeries, "log_level": self.logLevel}


def key(name: str) -> str:
    return f"{GROUP}/{name[0].upper()}{name[1:]}"


def readSettings(value: Callable[[str], Any]) -> Settings:
    """``value(key)`` gives what is kept, or None. What cannot be is as if it were not there."""
    kept: Dict[str, Any] = {}
    series = _number(value(key("parallelSeries")))
    if 1 <= series <= MOST_SERIES:
        kept["parallelSeries"] = series
    level = str(value(key("logLevel")))
    if level in LOG_LEVELS:
        kept["logLevel"] = level
    return Settings(**kept)


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
