"""What a person chose in the application's settings, and who wants to hear of changes."""

from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional
from weakref import WeakSet

GROUP = "DICOMWebNodes"
LOG_LEVELS = ("warning", "info", "debug")
MOST_SERIES = 32
MOST_PREVIEWS = 100_000  # MB
MEGABYTE = 1_000_000

_listeners: "WeakSet[Any]" = WeakSet()


def listen(listener: Any) -> None:
    """``listener.settingsChanged()`` is called after a change, as long as somebody else keeps the listener."""
    _listeners.add(listener)


def tellChanged() -> None:
    for listener in tuple(_listeners):
        listener.settingsChanged()


@dataclass(frozen=True)
class Settings:
    """``parallelSeries``: requests of one transfer side by side, at most; fewer when more would not be faster.

    ``verifyImports``: what the window imports is compared with the server's list of instances, not only counted;
    ``previewCache``: MB of previews that are kept, 0 for none; ``previewFolder``: where, "" for the platform's place;
    ``logLevel``: the number of one of :data:`LOG_LEVELS`.
    """

    parallelSeries: int = 16
    previewCache: int = 64
    previewFolder: str = ""
    logLevel: int = 1
    verifyImports: bool = False

    def forWorker(self) -> Dict[str, Any]:
        return {
            "connections": self.parallelSeries,
            "preview_bytes": self.previewCache * MEGABYTE,
            "preview_folder": self.previewFolder,
            "log_level": LOG_LEVELS[self.logLevel],
        }


def key(name: str) -> str:
    return f"{GROUP}/{name[0].upper()}{name[1:]}"


def readSettings(value: Callable[[str], Any]) -> Settings:
    """``value(key)`` gives what is kept, or None. What cannot be is as if it were not there."""
    ranges = {
        "parallelSeries": range(1, MOST_SERIES + 1),
        "previewCache": range(MOST_PREVIEWS + 1),
        "logLevel": range(len(LOG_LEVELS)),
    }
    numbers = {name: _number(value(key(name))) for name in ranges}
    kept: Dict[str, Any] = {name: number for name, number in numbers.items() if number in ranges[name]}
    folder = value(key("previewFolder"))
    return Settings(
        **kept,
        previewFolder=folder if isinstance(folder, str) else "",
        verifyImports=str(value(key("verifyImports"))).lower() == "true",  # text, as a settings file gives it
    )


def _number(value: Any) -> Optional[int]:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
