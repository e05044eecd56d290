"""Signals as PythonQt delivers them.

``button.connect("clicked(bool)", f)`` works for objects of Python classes, such as ``slicer.app``; PySide6 cannot be
brought to do it for others, and refuses. ``button.clicked.connect(f)`` is right everywhere.
"""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, Tuple

from PySide6.QtCore import QObject, QProcess, Signal, SignalInstance

_connect = SignalInstance.connect
_disconnect = SignalInstance.disconnect
# Those with an argument that has a default: PySide6 leaves it out for a slot that takes any number of arguments.
_WITH_A_DEFAULT = ("clicked(", "triggered(")
_MEASURED = (str, int, bool, float, object)  # not "QVariant", which makes tuples of lists
_adapted: Dict[Tuple[int, Any], Callable[..., Any]] = {}


def install() -> None:
    SignalInstance.connect = connect
    SignalInstance.disconnect = disconnect
    QObject.connect = connect_by_name
    QObject.disconnect = disconnect_by_name


def own_signal(*types: Any) -> Any:
    """``qt.Signal(str)``: of no argument or one, of the kinds that were measured; several go as one object."""
    if len(types) > 1 or any(each not in _MEASURED for each in types):
        raise TypeError(f"a signal with {types} was never tried in PythonQt: pass one object")
    return Signal(*types)


def connect(signal: SignalInstance, slot: Any, *connection_type: Any) -> Any:
    adapted = _adapter(signal, slot)
    if adapted is not slot:
        _adapted[id(signal), slot] = adapted
    return _connect(signal, adapted, *connection_type)


def disconnect(signal: SignalInstance, *slot: Any) -> Any:
    return _disconnect(signal, *(_adapted.pop((id(signal), each), each) for each in slot))


def connect_by_name(sender: QObject, signature: str, slot: Callable[..., Any]) -> bool:
    """``button.connect("clicked(bool)", f)``."""
    connect(_signal(sender, signature), slot)
    return True


def disconnect_by_name(sender: QObject, signature: str, slot: Callable[..., Any]) -> bool:
    disconnect(_signal(sender, signature), slot)
    return True


def _signal(sender: QObject, signature: str) -> SignalInstance:
    if sender.metaObject().indexOfSignal(signature.replace(" ", "")) < 0:
        raise ValueError(f"{sender.metaObject().className()} has no signal {signature}")
    return getattr(sender, signature.partition("(")[0])


def _adapter(signal: SignalInstance, slot: Any) -> Any:
    if isinstance(slot, SignalInstance):
        return slot
    name = str(signal).split()[1]
    if name.startswith("finished(int,QProcess::ExitStatus"):
        return _exit_code_only(slot)
    if name.startswith("selectionChanged(QItemSelection") and _takes_something(slot):
        raise TypeError(f"{slot}: with Qt 6 PythonQt cannot pass a QItemSelection on, and logs that: take no argument")
    if name.startswith(_WITH_A_DEFAULT) and _takes_any_number(slot):
        return lambda checked=False: slot(checked)
    return slot


def _exit_code_only(slot: Callable[..., Any]) -> Callable[..., Any]:
    """All that PythonQt gives with Qt 5. With Qt 6 a slot that takes any number has the status too."""
    if _takes_any_number(slot):
        raise TypeError(f"{slot}: with Qt 6 it is given the exit status too: let it take the exit code by its name")
    takes_it = _takes_something(slot)

    def finished(exit_code: int, _status: QProcess.ExitStatus) -> Any:
        return slot(exit_code) if takes_it else slot()

    return finished


def _takes_something(slot: Callable[..., Any]) -> bool:
    return bool(inspect.signature(slot).parameters)


def _takes_any_number(slot: Any) -> bool:
    """PythonQt counts the arguments of functions and methods only; everything else is given all there are."""
    if not (inspect.isfunction(slot) or inspect.ismethod(slot)):
        return not inspect.isroutine(slot)
    code = slot.__code__
    return bool(code.co_flags & inspect.CO_VARARGS)
