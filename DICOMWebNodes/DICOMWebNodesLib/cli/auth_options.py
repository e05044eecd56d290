"""What the ``auth`` commands are told: answers to a template, fields of a method, and where a secret comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Mapping
from urllib.parse import parse_qsl

from ..errors import InvalidAuthMethod, InvalidValue
from .credential_options import secret_from
from .parser import Parser

if TYPE_CHECKING:
    from ..auth.method import AuthMethod
    from ..auth.template import AuthTemplate, Filled
    from .context import Context

_PARTS = ("provider", "registration")


def add_secret_options(parser: Parser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--secret-env", metavar="VARIABLE", help="the secret from this environment variable")
    group.add_argument("--secret-stdin", action="store_true", help="the secret from the first line of standard input")


def secret_given(context: Context) -> str:
    """What the options bring; "" when neither is used."""
    secret = secret_from(context, context.args.secret_env, context.args.secret_stdin, "secret")
    if secret:
        context.console.hide(secret)
    return secret


def secret_asked(context: Context, what: str) -> str:
    """What the options bring, else what the person types unseen. Raises InvalidValue when that is nothing."""
    secret = secret_given(context) or context.console.ask_secret(what, "--secret-env VARIABLE or --secret-stdin")
    if not secret:
        raise InvalidValue(f"the {what} is empty", next_step="Nothing was changed.")
    context.console.hide(secret)
    return secret


def secret_of(method: AuthMethod) -> str:
    """What the method's secret is called. Raises InvalidValue when it has none."""
    if not method.has_secret:
        raise InvalidValue(
            f"'{method.name}' has no secret",
            next_step="A public client becomes one that has with --set token_endpoint_auth_method=client_secret_basic.",
        )
    return method.kind.secret


def pairs_of(texts: List[str], option: str) -> Dict[str, str]:
    """NAME=VALUE arguments as a mapping. Raises InvalidValue."""
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidValue(f"{option} is '{name}', not NAME=VALUE", field=option)
        pairs[name.strip()] = value.strip()
    return pairs


def answers_to(template: AuthTemplate, context: Context) -> Dict[str, str]:
    """The answers of ``--set``, and the secret that the template asks for. Raises InvalidAuthMethod, InvalidValue."""
    answers = pairs_of(context.args.set, "--set")
    for question in (question for question in template.questions if question.secret):
        if question.name in answers:
            raise InvalidValue(
                f"{question.label} is a secret, and arguments are no place for secrets",
                field=question.name,
                next_step="Use --secret-env VARIABLE or --secret-stdin, or wait to be asked.",
            )
        _check(template, answers, but=question.name)  # before a person types a secret in vain
        answers[question.name] = (
            secret_asked(context, question.label.lower()) if question.required else secret_given(context)
        )
    _check(template, answers)
    return answers


def filled_from(template: AuthTemplate, context: Context) -> Filled:
    """The method of ``auth add``. Raises InvalidAuthMethod, InvalidValue, in the words of the command line."""
    args = context.args
    try:
        return template.fill(answers_to(template, context), name=args.name, allow_plain_http=args.allow_plain_http)
    except InvalidAuthMethod as error:
        if any(question.secret and question.name == error.field for question in template.questions):
            error.next_step = "Give it with --secret-env VARIABLE or --secret-stdin, or choose another grant."
        raise


def _check(template: AuthTemplate, answers: Mapping[str, str], but: str = "") -> None:
    """Tell about all that is missing or wrong at once."""
    problems = {name: problem for name, problem in template.problems(answers).items() if name != but}
    if not problems:
        return
    first = next(iter(problems.values()))
    causes = "; ".join(f"{name}: {problem.cause}" for name, problem in problems.items())
    raise InvalidAuthMethod(
        causes, field=first.field, next_step=f"Add --set {first.field}=...; 'auth templates {template.name}' explains."
    )


def with_fields(method: AuthMethod, given: Mapping[str, str]) -> AuthMethod:
    """``method`` with fields of its provider, its registration or its settings changed. Raises InvalidAuthMethod."""
    from ..auth.document import method_from_json, method_to_json

    raw = method_to_json(method)
    for name, text in given.items():
        holder = next((part for part in _PARTS if hasattr(getattr(method, part), name)), "settings")
        if holder == "settings" and name not in method.kind.settings:
            raise InvalidAuthMethod(
                f"a method of kind '{method.kind.value}' has no '{name}'",
                field=name,
                next_step=f"It has {', '.join(_fields_of(method))}.",
            )
        value = text if holder == "settings" else _typed(name, text, getattr(getattr(method, holder), name))
        raw[holder] = {**raw.get(holder, {}), name: value}
    return method_from_json(raw)


def _fields_of(method: AuthMethod) -> List[str]:
    parts = [getattr(method, part) for part in _PARTS if getattr(method, part) is not None]
    return [*(name for part in parts for name in vars(part)), *method.kind.settings]


def _typed(name: str, text: str, before: Any) -> Any:
    """The text as JSON of the same type as the value before."""
    if isinstance(before, bool):
        if text.lower() not in ("true", "false"):
            raise InvalidAuthMethod(f"{name} is '{text}'", field=name, next_step="Give true or false.")
        return text.lower() == "true"
    if isinstance(before, int):
        if not text.isdecimal():
            raise InvalidAuthMethod(f"{name} is '{text}', not a number", field=name)
        return int(text)
    if isinstance(before, tuple):
        return dict(parse_qsl(text, keep_blank_values=True))
    return text
