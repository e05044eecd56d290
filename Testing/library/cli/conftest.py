"""The command line with everything around it as arguments: streams, environment, secrets, and a workspace."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, Callable, Dict, List

import DICOMWebNodesLib
import pytest
from canary import canaries_in
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from DICOMWebNodesLib.cli.main import main
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.workspace.many_nodes import search_nodes
from fakes.authorization_server.server import AuthorizationServer
from library.cli.searched_rows import HOST
from terminal import OF_ITS_OWN, text_of

from .openid import PUBLIC, SECRET


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class StandInWorkspace:
    """Does what a test says: each method is a function in ``does``, called with the method's arguments; with the one
    for cancelling where it takes that."""

    def __init__(self, does: Dict[str, Callable[..., Any]]) -> None:
        self._does = does
        self.credentials: Any = None

    def __enter__(self) -> StandInWorkspace:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def search_nodes(self, nodes: Any, query: Any) -> Any:
        return search_nodes(self.search, nodes, query)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = self._does[name]
        return function if "control" in signature(function).parameters else _without_control(function)


def _without_control(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, control=None, **options: function(*arguments, **options)


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> List[str]:
        return self.out.splitlines()


class CommandLine:
    """Runs commands in one settings folder."""

    def __init__(self, folder) -> None:
        self.environ = {"DICOMWEBNODES_HOME": str(folder)}
        self.nodes_file = folder / "nodes.json"
        self.secrets = MemorySecrets()
        self.asked: List[str] = []
        self.workspace = StandInWorkspace({})

    def __call__(self, *argv: str, stdin: str = "", terminal: bool = False, typed: str = "", **does) -> Outcome:
        """``does``: what the methods of the workspace do; ``typed``: what the person answers when asked."""
        stream = Terminal if terminal else io.StringIO
        out, err = stream(), stream()

        def open_workspace(nodes, credentials):
            self.workspace = StandInWorkspace(does)
            self.workspace.nodes, self.workspace.credentials = nodes, credentials
            return self.workspace

        def ask_secret(prompt):
            self.asked.append(prompt)
            return typed

        code = main(
            list(argv),
            stdin=stream(stdin),
            stdout=out,
            stderr=err,
            environ=self.environ,
            ask_secret=ask_secret,
            open_workspace=open_workspace,
            secrets=self.secrets,
        )
        assert not canaries_in((out.getvalue() + err.getvalue()).encode())
        return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def cli(tmp_path):
    return CommandLine(tmp_path / "settings")


@pytest.fixture
def raising() -> Callable[[BaseException], Callable[..., Any]]:
    def raises(error: BaseException) -> Callable[..., Any]:
        def call(*_: Any, **__: Any) -> Any:
            raise error

        return call

    return raises


# --- as a process of its own ------------------------------------------------------------------------------------

SECONDS = 60


@pytest.fixture
def start(tmp_path):
    """Starts commands in an environment, and on Windows with a console, of their own."""
    processes = []

    def started(*argv, environ=(), **streams):
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(DICOMWebNodesLib.__file__).resolve().parents[1]),
            "DICOMWEBNODES_HOME": str(tmp_path / "settings"),
            **dict(environ),
        }
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        process = subprocess.Popen(
            [sys.executable, "-m", "DICOMWebNodesLib", *map(str, argv)],
            env=environment,
            **OF_ITS_OWN,
            **streams,
        )
        processes.append(process)
        return process

    yield started
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start):
    def ran(*argv, stdin=None, **more):
        process = start(*argv, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL, **more)
        out, err = process.communicate(stdin, timeout=SECONDS)
        out, err = out or b"", err or b""  # None of a stream that went elsewhere
        assert not canaries_in(out + err)
        return process.returncode, text_of(out), text_of(err)

    return ran


@pytest.fixture
def server():
    """A provider with a public client and one that has a secret."""
    with AuthorizationServer(PUBLIC, SECRET) as running:
        yield running
    assert not running.unexpected


@pytest.fixture
def search(cli):
    """Runs a search that finds ``rows``; the query that was made is in ``search.query``."""

    class Search:
        query: Query

        def __call__(self, level, *argv, rows=(), warnings=(), **more):
            def find(node, query, on_warning=None):
                self.query = query
                for warning in warnings:
                    on_warning(warning)
                return iter(rows)

            return cli("search", level, HOST, *argv, search=find, **more)

    return Search()
