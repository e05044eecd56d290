"""Templates: what a provider is asked for, and how the answers become an authentication method."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ..errors import InvalidAuthMethod, InvalidURL
from ..nodes.url import normalise_base_url
from ..storage.folders import RESOURCES
from ..text import Text, sentence
from .document import part_from_json, word
from .method import AuthMethod, Kind
from .provider import AuthProvider
from .registration import AuthRegistration, ClientAuthentication

TEMPLATES = RESOURCES / "AuthTemplates"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Question:
    """One thing to ask. ``url``: the answer is an address; ``pattern``: what it has to match, ``expects`` in words."""

    name: str
    label: str
    help: str = ""
    example: str = ""
    default: str = ""
    required: bool = True
    secret: bool = False
    url: bool = False
    pattern: str = ""
    expects: str = ""
    choices: Tuple[str, ...] = ()

    def checked(self, answer: str) -> str:
        """The answer as it is used. Raises InvalidAuthMethod with the question's name as its field."""
        answer = answer.strip() or self.default
        if not answer:
            if self.required:
                raise self._refused(Text("{label} is missing", label=sentence(self.label)))
            return ""
        if self.url:
            try:
                return normalise_base_url(answer)
            except InvalidURL as error:
                raise self._refused(error.cause, "" if self.example else error.next_step) from error
        if self.choices and answer not in self.choices:
            raise self._refused(
                Text("{label} is '{answer}'", label=sentence(self.label), answer=answer),
                Text("Choose one of {names}.", names=", ".join(self.choices)),
            )
        if self.pattern and not re.fullmatch(self.pattern, answer):
            names = {"label": sentence(self.label), "expects": sentence(self.expects)}
            raise self._refused(
                Text("{label} is not {expects}", **names)
                if self.secret
                else Text("{label} '{value}' is not {expects}", value=answer, **names)
            )
        return answer

    def problem(self, answer: str) -> Optional[InvalidAuthMethod]:
        """What :meth:`checked` raises, for a message at the field."""
        try:
            self.checked(answer)
        except InvalidAuthMethod as error:
            return error
        return None

    def _refused(self, cause: str, next_step: str = "") -> InvalidAuthMethod:
        example = Text("It looks like '{example}'.", example=self.example) if self.example else ""
        return InvalidAuthMethod(cause, field=self.name, next_step=next_step or example)


@dataclass(frozen=True)
class Filled:
    """A method made from a template, still to be edited; ``secret`` goes to the secret store, "" when there is none."""

    method: AuthMethod
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class AuthTemplate:
    """One provider's questions and the method that they fill; a data file."""

    name: str
    title: str
    kind: Kind
    help: str = ""
    link: str = ""
    questions: Tuple[Question, ...] = ()
    method: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def problems(self, answers: Mapping[str, str]) -> Dict[str, InvalidAuthMethod]:
        """What is wrong, by question: a message for each field at once."""
        problems = ((each.name, each.problem(answers.get(each.name, ""))) for each in self.questions)
        return {name: problem for name, problem in problems if problem is not None}

    def fill(self, answers: Mapping[str, str], *, name: str = "", allow_plain_http: bool = False) -> Filled:
        """The method that the answers make; ``name`` is its name instead of the template's.

        ``allow_plain_http``: a person said yes to a provider without TLS. Raises InvalidAuthMethod for the first
        answer that is missing or wrong; ``field`` is the question's name.
        """
        try:
            return self._filled(answers, name, allow_plain_http)
        except InvalidAuthMethod as error:
            error.field = self._question_behind(error.field)
            raise

    def _filled(self, answers: Mapping[str, str], name: str, allow_plain_http: bool) -> Filled:
        self._check_names(answers)
        checked = {each.name: each.checked(answers.get(each.name, "")) for each in self.questions}
        secret = next((checked[each.name] for each in self.questions if each.secret), "")
        shown = {each.name: "" if each.secret else checked[each.name] for each in self.questions}
        raw = _filled(self.method, shown)
        if allow_plain_http and "provider" in raw:
            raw["provider"]["allow_plain_http"] = True
        settings = {key: value for key, value in raw.get("settings", {}).items() if value}
        method = AuthMethod(
            name=name or raw["name"],
            kind=self.kind,
            provider=part_from_json(AuthProvider, raw["provider"], "provider") if "provider" in raw else None,
            registration=_registration(raw["registration"], secret) if "registration" in raw else None,
            settings=tuple(settings.items()),
        )
        return Filled(method, secret)

    def _question_behind(self, field_name: str) -> str:
        """The question whose answer went into that field of the method."""
        for part in ("provider", "registration", "settings"):
            place = _PLACE.search(str(self.method.get(part, {}).get(field_name, "")))
            if place:
                return place.group(1)
        return field_name

    def _check_names(self, answers: Mapping[str, str]) -> None:
        known = {question.name for question in self.questions}
        for name in answers:
            if name not in known:
                raise InvalidAuthMethod(
                    Text("'{template}' does not ask for '{name}'", template=self.name, name=name),
                    field=name,
                    next_step=Text("It asks for {names}.", names=", ".join(sorted(known)))
                    if known
                    else "It asks for nothing.",
                )


def templates(folder: Path = TEMPLATES) -> Mapping[str, AuthTemplate]:
    """All templates by name, in the order of their file names."""
    found = (_read(path) for path in sorted(folder.glob("*.json")))
    return {template.name: template for template in found}


def template(name: str, folder: Path = TEMPLATES) -> AuthTemplate:
    """Raises InvalidAuthMethod for a name that there is none of."""
    known = templates(folder)
    if name not in known:
        raise InvalidAuthMethod(
            Text("there is no template '{name}'", name=name),
            field="template",
            next_step=Text("There are {names}.", names=", ".join(known)),
        )
    return known[name]


def _read(path: Path) -> AuthTemplate:
    raw = json.loads(path.read_bytes())
    questions = tuple(
        Question(**{**question, "choices": tuple(question.get("choices", ()))}) for question in raw.pop("questions", ())
    )
    name = path.stem.partition("-")[2]  # the file names begin with a number, for their order
    return AuthTemplate(**{**raw, "name": name, "kind": word(Kind, raw["kind"], "kind"), "questions": questions})


def _filled(pattern: Any, answers: Mapping[str, str]) -> Any:
    """``pattern`` with every ``{name}`` replaced by its answer."""
    if isinstance(pattern, str):
        return _PLACE.sub(lambda place: answers[place.group(1)], pattern)
    if isinstance(pattern, dict):
        return {key: _filled(value, answers) for key, value in pattern.items()}
    return pattern


def _registration(raw: Dict[str, Any], secret: str) -> Optional[AuthRegistration]:
    """Without a secret the client is a public one, however the provider wants to get a secret."""
    if "redirect_port" in raw:
        raw["redirect_port"] = int(raw["redirect_port"] or 0)
    if not secret:
        raw["token_endpoint_auth_method"] = ClientAuthentication.NONE.value
    return part_from_json(AuthRegistration, raw, "registration")
