"""Sentences of this library: English where they are read, and translatable by whoever shows them."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence, Tuple, Union

Value = Union[str, int, float, None]
Number = Callable[[float], str]
Wire = Sequence[Any]
"""A text as JSON: [template], or [template, {name: value}] where a value may be such a list again."""

_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)(!r)?(:,)?\}")
_DEEPEST = 20  # texts inside of texts
_LONGEST = 16_000  # characters of one value
_NUMBERS = (int, float)
_CHOICES = 20


class Text(str):
    """A sentence made of a ``template`` and the ``values`` in it: ``Text("{path} is not there", path=path)``.

    A template has ``{name}``, ``{name!r}`` (quoted, as Python does) and ``{name:,}`` (a number in groups of three), and
    ``{{`` for a brace; without values it is the sentence as it stands. A value that is a Text itself is translated with
    it; every other one stays as it is, whatever it looks like. Translators see the template: it is a literal always,
    found in the source by Testing/translations.py.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Any) -> Text:
        text = super().__new__(cls, template.format(**values) if values else template)  # a literal may say how
        text.template = template
        text.values = {
            name: each if each.__class__ is str and len(each) <= _LONGEST else _plain(each)
            for name, each in values.items()
        }
        return text

    @classmethod
    def _made(cls, english: str, template: str, values: Mapping[str, Value]) -> Text:
        text = super().__new__(cls, english)
        text.template, text.values = template, values
        return text

    def __reduce__(self) -> Tuple[Any, ...]:
        return Text._made, (str(self), self.template, self.values)


def sentence(text: str) -> Text:
    """``text`` as a sentence of this library, which it becomes by being the cause of an error and the like."""
    return text if isinstance(text, Text) else Text._made(text, text, {})


def filled(template: str, values: Mapping[str, Any], number: Number = "{:,}".format) -> str:
    """The template with its values. Nothing of them is looked into: no attribute, no index, no format.

    ``number`` writes what is to be grouped. Raises KeyError for a value that is not there.
    """
    if not values:
        return template

    def value(field: re.Match[str]) -> str:
        name, quoted, grouped = field.groups()
        if name is None:
            return field.group()[0]
        found = values[name]
        if grouped and isinstance(found, _NUMBERS):
            return number(found)
        return repr(found) if quoted else str(found)

    return _FIELD.sub(value, template)


def translated(text: str, translate: Callable[[str], Optional[str]], number: Number = "{:,}".format) -> str:
    """``text`` in the language of ``translate``, which gives None for a template that it does not know.

    What is not known, or lacks a value, stays as it is. Another string than a Text is its own template.
    """
    template = text.template if isinstance(text, Text) else text
    values = text.values if isinstance(text, Text) else {}
    found = translate(template)
    if found is None:
        return str(text)
    inner = {
        name: translated(value, translate, number) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    try:
        return filled(found, inner, number)
    except KeyError:
        return str(text)


def listed(words: Sequence[str]) -> str:
    """ "a, b and c", for people; "" for none."""
    joined: str = words[0] if words else ""
    for word in words[1:-1]:
        joined = Text("{words}, {word}", words=joined, word=word)
    return Text("{words} and {last}", words=joined, last=words[-1]) if len(words) > 1 else joined


def choice_of(names: Sequence[str]) -> str:
    """What a person may choose from, as the next step of an error; "" for none, and for more than one would read."""
    if not 0 < len(names) <= _CHOICES:
        return ""
    return Text("Choose one of {names}.", names=", ".join(f"'{name}'" for name in names))


def in_a_row(sentences: Iterable[str]) -> str:
    """ "this; that", each once; "" for none."""
    joined = ""
    for each in dict.fromkeys(sentences):
        joined = Text("{said}; {more}", said=joined, more=each) if joined else each
    return joined


def paragraph(sentences: Iterable[str]) -> str:
    """ "This. That."; "" for none."""
    joined = ""
    for each in sentences:
        joined = Text("{said} {more}", said=joined, more=each) if joined else each
    return joined


# --- as JSON ------------------------------------------------------------------------------------------------------


def to_wire(text: Text) -> Wire:
    values = {name: to_wire(value) if isinstance(value, Text) else value for name, value in text.values.items()}
    return [text.template, values] if values else [text.template]


def from_wire(english: str, wire: Any) -> str:
    """What :func:`to_wire` gave, with the sentence that was sent beside it; that alone when it is not understood."""
    try:
        return _from_wire(wire, english, 0)
    except (ValueError, KeyError):
        return english


def _from_wire(wire: Any, english: Optional[str], depth: int) -> Text:
    if not (isinstance(wire, list) and 1 <= len(wire) <= 2 and isinstance(wire[0], str) and depth < _DEEPEST):
        raise ValueError("this is no text")
    raw = wire[1] if len(wire) == 2 else {}
    if not isinstance(raw, dict):
        raise ValueError("this is no text")
    values = {
        name: _from_wire(value, None, depth + 1) if isinstance(value, list) else _plain(value)
        for name, value in raw.items()
    }
    return Text._made(filled(wire[0], values) if english is None else english, wire[0], values)


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, (Text, *_NUMBERS)):
        return value
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
