"""One sign-in while it is under way. Nothing that starts, watches or cancels it ever waits for the person."""

from __future__ import annotations

import enum
import threading
from typing import Callable, Optional

from ..errors import AuthenticationError, DICOMWebNodesError, SignInCancelled, SignInTimedOut
from ..text import Text
from .cancellation import Cancellation, cancelled
from .prompt import Prompt, Prompter
from .token import Token

Flow = Callable[[Prompter, Cancellation], Token]
"""Talks with the provider and, through the Prompter, with the person; returns the token, which it has kept."""

Opener = Callable[[str], object]
"""Opens a URL in the browser and returns at once: ``webbrowser.open``. False means that there is none."""


class SignInState(enum.Enum):
    PREPARING = "preparing"  # the provider is asked
    WAITING = "waiting"  # for the person; ``prompt`` says for what
    SIGNED_IN = "signed in"
    FAILED = "failed"  # ``error`` says why
    CANCELLED = "cancelled"


class SignIn:
    """Runs a flow in a thread of its own.

    ``on_change`` is called with this object after each change of ``state``, from that thread or the one that cancels.
    """

    def __init__(
        self,
        flow: Flow,
        *,
        open_browser: Optional[Opener] = None,
        on_change: Callable[[SignIn], None] = lambda sign_in: None,
    ) -> None:
        self._flow = flow
        self._open_browser = open_browser
        self._on_change = on_change
        self._cancellation = Cancellation()
        self._prompted = threading.Event()
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sign-in", daemon=True)
        self.state = SignInState.PREPARING
        self.prompt: Optional[Prompt] = None
        self.error: Optional[DICOMWebNodesError] = None
        self.account = ""
        self.opened = False  # whether a browser took the URL

    def start(self) -> SignIn:
        self._thread.start()
        return self

    @property
    def url(self) -> str:
        """To copy and open elsewhere; "" until the provider was asked."""
        return self.prompt.url if self.prompt is not None else ""

    def cancel(self) -> None:
        """End it with SignInCancelled, at once, even while the provider is asked; unless it has ended already."""
        self._cancellation.cancel()
        self._finish(SignInState.CANCELLED, cancelled())

    def wait_for_prompt(self, timeout: Optional[float] = None) -> Optional[Prompt]:
        """What the person has to do, as soon as it is known; None when it ended before, or after ``timeout`` s."""
        _wait(self._prompted, timeout)
        return self.prompt

    def wait(self, timeout: Optional[float] = None) -> str:
        """The account's name, "" when the provider does not tell.

        Raises the sign-in's error, and SignInTimedOut after ``timeout`` seconds, with the sign-in still running.
        """
        if not _wait(self._finished, timeout):
            raise SignInTimedOut(Text("the sign-in is not finished after {timeout} s", timeout=f"{timeout:.0f}"))
        if self.error is not None:
            raise self.error
        return self.account

    def _run(self) -> None:
        try:
            token = self._flow(self._show, self._cancellation)
        except SignInCancelled as error:
            self._finish(SignInState.CANCELLED, error)
        except DICOMWebNodesError as error:
            self._finish(SignInState.FAILED, error)
        except Exception as error:  # a mistake in this program must not leave a window that waits for ever
            unexpected = AuthenticationError(
                Text("the sign-in broke off ({error})", error=type(error).__name__), asked="sign in"
            )
            unexpected.__cause__ = error
            self._finish(SignInState.FAILED, unexpected)
        else:
            self._finish(SignInState.SIGNED_IN, None, token.account)

    def _show(self, prompt: Prompt) -> None:
        with self._lock:
            self._cancellation.check()
            self.prompt, self.state = prompt, SignInState.WAITING
        if self._open_browser is not None:
            self.opened = self._open_browser(prompt.url) is not False
        self._prompted.set()
        self._on_change(self)

    def _finish(self, state: SignInState, error: Optional[DICOMWebNodesError], account: str = "") -> None:
        """The first end counts."""
        with self._lock:
            if self._finished.is_set():
                return
            self.state, self.error, self.account = state, error, account
            self._prompted.set()
            self._finished.set()
        self._on_change(self)


def _wait(event: threading.Event, timeout: Optional[float]) -> bool:
    """On Windows, Ctrl-C interrupts only waits that end by themselves."""
    while timeout is None and not event.wait(0.5):
        pass
    return event.wait(timeout)
