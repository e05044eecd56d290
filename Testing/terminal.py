"""Processes as a person has them in a terminal: Ctrl-C reaches them, and their lines are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

# For Windows, where Ctrl-C goes to all processes of a console: joins that of a process, and presses it there.
_PRESS = """
import ctypes, sys
kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
kernel32.FreeConsole()
for function, *arguments in (
    (kernel32.AttachConsole, int(sys.argv[1])),
    (kernel32.SetConsoleCtrlHandler, None, True),
    (kernel32.GenerateConsoleCtrlEvent, 0, 0),
):
    if not function(*arguments):
        raise ctypes.WinError(ctypes.get_last_error())
"""


def _listen_to_ctrl_c() -> None:
    """Tests that run in the background were told to ignore it, and so would be their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


OF_ITS_OWN = {"preexec_fn": _listen_to_ctrl_c} if os.name == "posix" else {"creationflags": subprocess.CREATE_NO_WINDOW}
"""Options of Popen for a process in which :func:`press_ctrl_c` works; on Windows it gets a console of its own."""


def press_ctrl_c(process: subprocess.Popen) -> None:
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
    else:
        subprocess.run([sys.executable, "-c", _PRESS, str(process.pid)], check=True)


def text_of(output: bytes) -> str:
    """With the line ends of Python, whatever the system's are."""
    return output.decode().replace(os.linesep, "\n")
