"""The options of Weasis's commands in a link."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any, NoReturn, Sequence

from ..errors import InvalidManifest
from ..text import Text


class Command(ArgumentParser):
    """The options that one of Weasis's commands has."""

    def error(self, message: str) -> NoReturn:
        """Without argparse's own message, which may quote a token."""
        raise InvalidManifest(Text("the link's command {prog} has options that are not known here", prog=self.prog))


def options_of(command: Command, words: Sequence[str]) -> Namespace:
    """Raises InvalidManifest, without the words themselves: one of them may be a token."""
    options, _ = command.parse_known_args(list(words))
    for value in vars(options).values():
        # "-w--" is an option without a value: argparse takes "--" for it since Python 3.13, and a list before
        if any(each == "--" or isinstance(each, list) for each in (value if isinstance(value, list) else [value])):
            command.error("")
    return options


def _command(name: str, lists: str, texts: str = "", flags: str = "") -> Command:
    parser = Command(prog=name, add_help=False, allow_abbrev=False)

    def add(option: str, **how: Any) -> None:
        long, _, short = option.partition("/")
        parser.add_argument(f"--{long}", *([f"-{short}"] if short else []), **how)

    for option in lists.split():
        add(option, action="append", default=[])
    for option in texts.split():
        add(option, default="")
    for option in flags.split():
        add(option, action="store_true")
    return parser


GET = _command("dicom:get", "local/l remote/r wado/w zip/z iwado/i", flags="portable/p")
RS = _command(
    "dicom:rs",
    "request/r header/H query-header retrieve-header",
    "url/u query-ext retrieve-ext accept-ext auth-uid oidc-iss oidc-login",
    "show-whole-study",
)
