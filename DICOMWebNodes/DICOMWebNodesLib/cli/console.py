"""The person's terminal, or the files and pipes in its place."""

from __future__ import annotations

import contextlib
import re
import shutil
from typing import Callable, Iterator, List, TextIO

from ..errors import InvalidValue, NotWritable

# What moves the cursor, starts an escape sequence, ends a line or turns the direction of writing: a server must not.
# Half a character, which is what a byte becomes that is no text in this encoding, is shown as one that is missing.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_SHORTEST_SECRET = 4  # hiding shorter ones would tear holes into everything


def printable(text: str) -> str:
    """One line of text that is safe on a terminal, whoever wrote it."""
    if text.isprintable():  # no control, format, separator or surrogate character; nearly always so, and fast
        return text
    return _HALF.sub("\ufffd", _UNPRINTABLE.sub("", _SPACE.sub(" ", text)))


@contextlib.contextmanager
def _output() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotWritable(
            f"the output cannot be written ({error.strerror})",
            next_step="Free some space, or write it to another place.",
        ) from error


class Console:
    """Standard streams as one argument. Results go to ``stdout``; what is said about them goes to ``stderr``.

    ``ask_secret(prompt)`` reads a line from the terminal without showing it.
    """

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO, ask_secret: Callable[[str], str]) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self._ask_secret = ask_secret
        self._secrets: List[str] = []

    def print(self, line: str) -> None:
        """A line of the result."""
        self.write(printable(line) + "\n")

    def write(self, text: str) -> None:
        """Text that is safe already and has its own line ends."""
        with _output():
            self.stdout.write(text)

    def tell(self, line: str) -> None:
        """A line that is not part of the result."""
        try:
            self.stderr.write(self._without_secrets(printable(line)) + "\n")
            self.stderr.flush()
        except BrokenPipeError:
            raise
        except OSError:
            pass  # a full disk: there is nobody left to tell, and what is being done goes on

    def warn(self, line: str) -> None:
        self.tell(f"warning: {line}")

    def ask_secret(self, prompt: str, instead: str) -> str:
        """What a person types unseen. Raises InvalidValue, naming what to do ``instead``, without a terminal."""
        if not self.stdin.isatty():
            raise InvalidValue(f"there is no terminal to ask for the {prompt}", next_step=f"Use {instead}.")
        return self._ask_secret(f"{prompt}: ")

    def hide(self, secret: str) -> None:
        """Cut ``secret`` out of everything that is told from now on."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets.append(secret)

    def flush(self) -> None:
        with _output():
            self.stdout.flush()

    @property
    def columns(self) -> int:
        """Width of the terminal that shows the result; 0 when none does."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else 0

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text
