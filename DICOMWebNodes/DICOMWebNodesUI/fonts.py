"""How large letters are."""

from __future__ import annotations

from typing import Any

import qt


def metrics(widget: Any) -> Any:
    """Not ``widget.fontMetrics()``: PythonQt cannot return an object of that class, it can only make one."""
    return qt.QFontMetrics(widget.font)
