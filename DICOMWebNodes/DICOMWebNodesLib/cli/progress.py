"""How far something is, on standard error: a bar on a terminal that has tqdm, plain lines elsewhere."""

from __future__ import annotations

from typing import Any, Optional

from .console import Console, printable

_FORMAT = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} {unit}{postfix}, {remaining} left"


class Bar:
    """A bar at the bottom with lines scrolling by above it; to be used in a ``with``.

    ``visible`` is False where there can be none: then :meth:`show` does nothing, and lines have to tell it all.
    """

    def __init__(self, console: Console, unit: str) -> None:
        self._console = console
        self._tqdm = _tqdm() if console.stderr.isatty() else None
        self._bar: Optional[Any] = None
        self._unit = unit

    @property
    def visible(self) -> bool:
        return self._tqdm is not None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def show(self, done: int, total: int, note: str = "") -> None:
        """``total`` is 0 while it is unknown."""
        if self._tqdm is not None:
            self._bar = self._bar or self._tqdm(
                total=total,
                unit=self._unit,
                bar_format=_FORMAT,
                file=self._console.stderr,
                dynamic_ncols=True,
                leave=False,
            )
            self._bar.total = total or None
            self._bar.n = done
            self._bar.set_postfix_str(note, refresh=False)
            self._bar.refresh()

    def line(self, text: str) -> None:
        if self._bar is not None:
            self._bar.write(printable(text), file=self._console.stderr)
        else:
            self._console.tell(text)


def _tqdm() -> Optional[Any]:
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm
