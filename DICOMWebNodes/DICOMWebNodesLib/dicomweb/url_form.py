"""The base URL of one kind of server as a form: the parts that a person fills in, and the URL that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote, unquote, urlsplit

from ..errors import DICOMWebNodesError, InvalidNode, InvalidURL
from ..nodes.url import normalise_base_url, origin_of
from ..text import Text, sentence

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class ChoiceList:
    """Where the provider tells what a part can be: a list method that pages with pageToken (AIP-132, AIP-158).

    ``url`` has ``{name}`` in the place of other parts, ``items`` is the field with the list, ``value`` the field of an
    item with the value, of which the last segment counts ("projects/p/locations/l"); ``title`` one for people.
    """

    url: str
    items: str
    value: str
    title: str = ""

    @property
    def needs(self) -> Tuple[str, ...]:
        """The parts that have to be known before."""
        return tuple(_PLACE.findall(self.url))

    @property
    def origin(self) -> str:
        """Who is asked. Raises InvalidURL; no part is ever a part of it, because a credential goes there."""
        return origin_of(self.url)

    def url_from(self, values: Mapping[str, str]) -> str:
        """``values`` are checked parts, of all that it :attr:`needs`."""
        return _PLACE.sub(lambda place: quote(values[place.group(1)], safe=""), self.url)


@dataclass(frozen=True)
class Part:
    """One thing to fill in. A value matches ``pattern`` in full; ``expects`` says that in words ("... is not ...").

    A value that is not given is the default; a part without one has to be filled in. ``choices``: where somebody who
    is signed in gets a list of values.
    """

    name: str
    label: str
    example: str
    pattern: str
    expects: str
    default: str = ""
    help: str = ""
    choices: Optional[ChoiceList] = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Part:
        """From a data file. Raises TypeError for fields that there are not."""
        fields = {**_COMMON.get(raw.get("name", ""), {}), **raw}
        if "choices" in fields:
            fields["choices"] = ChoiceList(**fields["choices"])
        return cls(**fields)

    def checked(self, value: str) -> str:
        """The value as it goes into the URL. Raises InvalidNode, whose ``field`` is the name of this part."""
        value = value.strip() or self.default
        if not value:
            raise self._refused(Text("{label} is missing", label=sentence(self.label)))
        if not re.fullmatch(self.pattern, value):
            # what a person pastes into the wrong field may have a password before an @, or a token behind a ?
            shown = value.rpartition("@")[2].partition("?")[0]
            names = {"label": sentence(self.label), "expects": sentence(self.expects)}
            raise self._refused(Text("{label} '{value}' is not {expects}", value=shown, **names))
        return value

    def problem(self, value: str) -> Optional[InvalidNode]:
        """What :meth:`checked` raises, for a message at the field."""
        try:
            self.checked(value)
        except InvalidNode as error:
            return error
        return None

    def _refused(self, cause: str) -> InvalidNode:
        return InvalidNode(cause, field=self.name, next_step=Text("It looks like '{example}'.", example=self.example))


_COMMON: Mapping[str, Mapping[str, str]] = {
    "host": {
        "label": Text("Host"),
        "example": "pacs.example.org:8443",
        "pattern": r"([\w-]+(\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?",
        "expects": Text("a host name or address, with or without a port"),
    },
    "scheme": {"label": Text("Scheme"), "example": "https", "pattern": "https?", "expects": Text("http or https")},
    "path": {
        "label": Text("Path"),
        "example": "dicom-web",
        "pattern": r"\w[\w.~-]*(/\w[\w.~-]*)*",
        "expects": Text("a path without slashes around it"),
    },
}
"""What files need not say of parts that many servers have."""


@dataclass(frozen=True)
class URLForm:
    """``template`` is a URL with ``{name}`` in the place of each part; the first part tells where the server is."""

    template: str
    parts: Tuple[Part, ...]

    @classmethod
    def of(cls, template: str, parts: Sequence[Mapping[str, Any]]) -> URLForm:
        """From a data file. Raises ValueError with the reason when the two do not belong together."""
        try:
            form = cls(template, tuple(Part.of(raw) for raw in parts))
            names = [part.name for part in form.parts]
            if sorted(names) != sorted(_PLACE.findall(template)):
                raise ValueError(
                    Text(
                        "its URL '{url}' does not have the parts {names}, each once",
                        url=template,
                        names=", ".join(names),
                    )
                )
            for part in form.parts:
                part.checked(part.example)
                form._check_choices(part)
            form.parts_of(form.example)
        except (TypeError, re.error, InvalidNode, InvalidURL) as error:
            problem = error.in_full if isinstance(error, DICOMWebNodesError) else str(error)
            raise ValueError(Text("a part of its URL is wrong: {problem}", problem=problem)) from error
        return form

    def _check_choices(self, part: Part) -> None:
        if part.choices is None:
            return
        unknown = set(part.choices.needs) - {each.name for each in self.parts if each is not part}
        if unknown or urlsplit(part.choices.origin).scheme != "https":
            raise ValueError(
                Text("the choices of '{part}' are not found over https with the other parts alone", part=part.name)
            )

    def part(self, name: str) -> Part:
        """Raises InvalidNode for a name that there is none of."""
        for part in self.parts:
            if part.name == name:
                return part
        raise self._no_part(name)

    @property
    def example(self) -> str:
        return self.url_from({part.name: part.default or part.example for part in self.parts})

    @property
    def recognised_by(self) -> str:
        """A pattern with ``*`` over normalised URLs in lower case."""
        return _PLACE.sub("*", self.template).lower()

    def problems(self, values: Mapping[str, str]) -> Dict[str, InvalidNode]:
        """What is wrong, by name of the part: a message for each field at once."""
        problems = ((part.name, part.problem(values.get(part.name, ""))) for part in self.parts)
        return {name: problem for name, problem in problems if problem is not None}

    def url_from(self, values: Mapping[str, str]) -> str:
        """The normalised URL. Raises InvalidNode for the first part that is wrong; ``field`` is its name."""
        known = [part.name for part in self.parts]
        for name in values:
            if name not in known:
                raise self._no_part(name)
        checked = {part.name: part.checked(values.get(part.name, "")) for part in self.parts}
        try:
            return normalise_base_url(_PLACE.sub(lambda place: checked[place.group(1)], self.template))
        except InvalidURL as error:
            raise InvalidNode(error.cause, field=known[0], next_step=error.next_step) from error

    def parts_of(self, url: str) -> Mapping[str, str]:
        """The parts from which :meth:`url_from` makes this URL. Raises InvalidURL, InvalidNode (``field`` is "url")."""
        url = normalise_base_url(url)
        for text in (url, unquote(url)):
            match = self._expression.fullmatch(text)
            if match and self.url_from(match.groupdict()) == url:
                return MappingProxyType(match.groupdict())
        raise InvalidNode(
            Text("'{url}' does not have the parts {names}", url=url, names=", ".join(part.name for part in self.parts)),
            field="url",
            next_step=Text("It looks like '{example}'.", example=self.example),
        )

    def _no_part(self, name: str) -> InvalidNode:
        known = ", ".join(part.name for part in self.parts)
        return InvalidNode(
            Text("there is no part '{name}' in this URL", name=name),
            field=name,
            next_step=Text("It has {names}.", names=known),
        )

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        patterns = {part.name: f"(?P<{part.name}>{part.pattern})" for part in self.parts}
        literals = _PLACE.split(self.template)  # text and names by turns
        return re.compile(
            "".join(patterns[each] if index % 2 else re.escape(each) for index, each in enumerate(literals))
        )


ANY_URL = URLForm("{url}", (Part("url", "URL", "https://pacs.example.org/rs", ".+", "a URL"),))
"""Of a server of which nothing is known: the URL is its only part."""
