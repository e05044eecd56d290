"""PySide6's classes, changed in place so that they behave as PythonQt's do."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, Set, Tuple, Type

import PySide6
import shiboken6
from PySide6 import QtCore, QtGui, QtNetwork, QtUiTools, QtWidgets

MODULES = (QtCore, QtGui, QtWidgets, QtNetwork, QtUiTools)
# Members that PySide6 has and Qt 5.15 has not, by class: from the two versions' type stubs. Without virtual methods,
# which PySide6 itself looks up.
QT6_ONLY: Dict[str, Tuple[str, ...]] = json.loads((Path(__file__).parent / "qt6_only.json").read_text())
_MethodDescriptor = type(QtWidgets.QLineEdit.setText)
_WITH_DATA = (QtGui.QStandardItem, QtWidgets.QTreeWidgetItem, QtWidgets.QListWidgetItem, QtWidgets.QTableWidgetItem)
_HALF = re.compile("[\ud800-\udfff]")
_TAKE_TEXTS = (
    "addAction",
    "addItem",
    "insertItem",
    "setPlainText",
    "setText",
    "setTitle",
    "setToolTip",
    "setWindowTitle",
)
_original_set_attribute = shiboken6.Object.__setattr__


def install() -> None:
    for cls in _classes():
        for name in QT6_ONLY.get(cls.__name__, ()):
            if name in cls.__dict__:
                delattr(cls, name)
        if "exec" in cls.__dict__:
            cls.exec_ = cls.__dict__["exec"]
    for cls in _WITH_DATA:
        cls.__init__ = _refusing_halves(cls.__init__)
    for cls in _classes():
        for name in _TAKE_TEXTS:
            if isinstance(cls.__dict__.get(name), _MethodDescriptor):
                setattr(cls, name, _refusing_halves(cls.__dict__[name]))
    for cls in _classes():
        if issubclass(cls, QtCore.QObject):
            _shadow_getters(cls)
            _refuse_keywords(cls)
            cls.__setattr__ = _set_attribute  # not inherited by classes that PySide6 has made already
    _make_tuples_of_lists()
    _adjust_objects()


class _Refused:
    """An attribute that is not there."""

    def __init__(self, why: str) -> None:
        self._why = why

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise AttributeError(self._why)


def _classes() -> Iterator[Type[Any]]:
    seen: Set[str] = set()
    for module in MODULES:
        for name in dir(module):
            cls = getattr(module, name)
            if inspect.isclass(cls) and name.startswith("Q") and name not in seen:
                seen.add(name)
                yield cls


# --- properties -----------------------------------------------------------------------------------------------------


def _shadow_getters(cls: Type[Any]) -> None:
    """``lineEdit.text`` is the text; ``lineEdit.text()`` is a TypeError, because text cannot be called."""
    meta = cls.staticMetaObject
    for index in range(meta.propertyCount()):
        name = meta.property(index).name()
        getter = cls.__dict__.get(name)
        if meta.property(index).isFlagType():
            if index >= meta.propertyOffset():
                setattr(cls, name, property(_unreadable(cls, name), _setter(cls, name)))
        elif isinstance(getter, _MethodDescriptor):
            setattr(cls, name, property(_plain(getter), _setter(cls, name)))
        elif index >= meta.propertyOffset() and not hasattr(cls, name):
            setattr(cls, name, property(_dynamic_getter(name), _setter(cls, name)))
        for prefix in ("is", "has"):
            other = prefix + name[0].upper() + name[1:]
            if isinstance(cls.__dict__.get(other), _MethodDescriptor):
                why = f"{cls.__name__}.{other} was never tried in PythonQt; '{name}' is the property"
                setattr(cls, other, _Refused(why))


def _plain(getter: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda self: _tupled(getter(self))


def _unreadable(cls: Type[Any], name: str) -> Callable[[Any], Any]:
    """Flags can be set. What is read of them is a number with Qt 5, and nothing that can be used with Qt 6."""

    def get(self: Any) -> Any:
        raise AttributeError(f"{cls.__name__}.{name} are flags: PythonQt with Qt 6 cannot read them")

    return get


def _dynamic_getter(name: str) -> Callable[[Any], Any]:
    return lambda self: _tupled(self.property(name))


def _setter(cls: Type[Any], name: str) -> Callable[[Any, Any], None]:
    method = f"set{name[0].upper()}{name[1:]}"

    def set_value(self: Any, value: Any) -> None:
        if hasattr(self, method):
            getattr(self, method)(value)
        elif not self.setProperty(name, value):
            raise AttributeError(f"{cls.__name__}.{name} cannot be set")

    return set_value


# --- what PythonQt does not do --------------------------------------------------------------------------------------


def _refuse_keywords(cls: Type[Any]) -> None:
    original = cls.__init__

    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        if keywords:
            raise TypeError(f"{cls.__name__}() takes no keyword arguments in PythonQt: {', '.join(keywords)}")
        _refuse_halves(arguments)
        original(self, *arguments)

    cls.__init__ = init


def _refusing_halves(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, *arguments: Any) -> Any:
        _refuse_halves(arguments)
        return method(self, *arguments)

    return call


def _refuse_halves(arguments: Iterable[Any]) -> None:
    """Of a UTF-16 pair, which PySide6 leaves out without a word."""
    if any(isinstance(each, str) and not each.isascii() and _HALF.search(each) for each in arguments):
        raise SystemError("returned a result with an exception set")


def _set_attribute(self: Any, name: str, value: Any) -> None:
    """Objects of Python classes take new attributes, those of C++ classes do not."""
    if type(self).__module__.startswith("PySide6.") and not hasattr(type(self), name):
        if isinstance(value, QtCore.QObject) and value.objectName == name:
            return  # PySide6's QUiLoader gives a form its widgets as attributes, PythonQt's does not
        raise AttributeError(f"{type(self).__name__} has no attribute {name}, and takes no new ones")
    attribute = inspect.getattr_static(type(self), name, None)
    if isinstance(attribute, QtCore.Property):
        self.setProperty(name, value)
    elif _is_method_of_qt(type(self), name, attribute):
        raise AttributeError(f"'{name}' can not be overwritten on a {type(self).__name__} object")
    elif isinstance(attribute, property) and _is_of_python(type(self), name):
        raise AttributeError(f"{type(self).__name__}.{name}: that PythonQt sets a Python property was never tried")
    else:
        _original_set_attribute(self, name, value)


def _is_method_of_qt(cls: Type[Any], name: str, attribute: Any) -> bool:
    return callable(attribute) and not isinstance(attribute, QtCore.Signal) and not _is_of_python(cls, name)


def _is_of_python(cls: Type[Any], name: str) -> bool:
    owner = next(each for each in cls.__mro__ if name in each.__dict__)
    return not owner.__module__.startswith("PySide6.")


# --- lists ----------------------------------------------------------------------------------------------------------


def _make_tuples_of_lists() -> None:
    """After the getters of properties have gone: what is still a method is one in PythonQt."""
    lists = _methods_that_return_lists()
    for cls in _classes():
        for name in lists.get(cls.__name__, ()):
            method = cls.__dict__.get(name)
            if isinstance(method, _MethodDescriptor):
                setattr(cls, name, _tuple_for_list(method))


def _methods_that_return_lists() -> Dict[str, Set[str]]:
    """By class, from PySide6's type stubs."""
    found: Dict[str, Set[str]] = {}
    for module in MODULES:
        cls = ""
        for line in (Path(PySide6.__file__).parent / f"{module.__name__.rpartition('.')[2]}.pyi").open():
            if line.startswith("class "):
                cls = re.split(r"[(:]", line[6:], maxsplit=1)[0]
            elif re.search(r"-> (typing\.|collections\.abc\.)?(List|list|Sequence)\[", line):
                found.setdefault(cls, set()).add(line.split("def ")[1].partition("(")[0])
    return found


def _tuple_for_list(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: Any, *arguments: Any) -> Any:
        return _tupled(method(self, *arguments))

    return call


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# --- single classes -------------------------------------------------------------------------------------------------


def _adjust_objects() -> None:
    # PythonQt's wrapper does not pass a single item's ownership on: it ends with the last Python name for it.
    why = "QStandardItem.insertRow leaves an item to Python's collector; appendRow and setChild do not"
    QtGui.QStandardItem.insertRow = _Refused(why)
    QtWidgets.QWidget.fontMetrics = _returns_nothing_known("QFontMetrics")
    QtWidgets.QWidget.fontInfo = _returns_nothing_known("QFontInfo")
    QtWidgets.QDialogButtonBox.__init__ = _without_standard_buttons(QtWidgets.QDialogButtonBox.__init__)
    for cls in _WITH_DATA:
        cls.setData = _as_variants(cls.setData)
    children, write = QtCore.QObject.children, QtCore.QIODevice.write
    value = QtCore.QSettings.value
    QtCore.QObject.name = property(lambda self: self.objectName, lambda self, name: self.setObjectName(name))
    QtCore.QObject.className = lambda self: self.metaObject().className()
    QtCore.QObject.delete = lambda self: shiboken6.delete(self)
    QtCore.QObject.children = lambda self: tuple(children(self))
    QtCore.QObject.findChild = _by_class_of_cpp(QtCore.QObject.findChild)
    QtCore.QObject.findChildren = _by_class_of_cpp(QtCore.QObject.findChildren)
    QtCore.QIODevice.write = lambda self, data: write(self, data.encode() if isinstance(data, str) else data)
    QtCore.QSettings.value = lambda self, *arguments: _tupled(value(self, *arguments))


def _by_class_of_cpp(find: Callable[..., Any]) -> Callable[..., Any]:
    """PythonQt looks for the C++ class that a Python class is made of: all labels for one's own kind of label."""

    def call(self: Any, cls: Any, *arguments: Any) -> Any:
        if not cls.__module__.startswith(("PySide6.", "standin.")):
            raise TypeError(f"PythonQt finds all that have the same C++ class as {cls.__name__}: look for a name")
        return _tupled(find(self, cls, *arguments))

    return call


def _as_variants(method: Callable[..., Any]) -> Callable[..., Any]:
    """What an item keeps is a QVariant: of lists, also inside of others, it makes tuples."""
    return lambda self, *arguments: method(self, *map(_variant, arguments))


def _variant(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _variant(each) for key, each in value.items()}
    return tuple(map(_variant, value)) if isinstance(value, (list, tuple)) else value


def _returns_nothing_known(kind: str) -> Callable[..., Any]:
    """PythonQt has the class, and can make one from a font, but it cannot return one: there is no default for it."""

    def call(self: Any) -> Any:
        raise ValueError(f"return type '{kind}' is ignored because it is unknown to PythonQt: make it of the font")

    return call


def _without_standard_buttons(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *arguments: Any) -> None:
        if any(isinstance(each, QtWidgets.QDialogButtonBox.StandardButton) for each in arguments):
            raise TypeError("PythonQt takes buttons that are joined for an orientation: use setStandardButtons")
        original(self, *arguments)

    return init
