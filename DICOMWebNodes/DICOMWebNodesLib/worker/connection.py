"""One worker process, as its transport sees the client."""

from __future__ import annotations

from typing import Optional, Protocol

from ..errors import DICOMWebNodesError, WorkerFailed
from ..text import Text, sentence
from .protocol import Lines, Request, request_line
from .remote_job import RemoteJob
from .transport import Transport
from .vigil import Look, Vigil

PING = "ping"
"""Also its id, which no job has."""


class Owner(Protocol):
    """The client."""

    def has(self, connection: Connection) -> bool:
        """Whether it is the one of now."""

    def arrived(self, connection: Connection, line: Optional[bytes]) -> None: ...

    def ended(self, connection: Connection, error: WorkerFailed) -> None:
        """After the messages that came before."""

    def lose(self, connection: Connection, error: DICOMWebNodesError) -> None:
        """It is gone now."""


class Connection:
    """What a dead worker still says is not heard."""

    transport: Transport

    def __init__(self, client: Owner) -> None:
        self._client = client
        self._lines = Lines()
        self._vigil = Vigil()
        self.is_ready = False

    def send(self, request: Request) -> None:
        self.transport.write(request_line(request))

    def greeted(self, hello: RemoteJob) -> None:
        if hello.error is None:
            self.is_ready = True
        elif self._client.has(self):
            self.transport.stop()
            self._client.lose(self, hello.error)

    def look(self) -> None:
        """Whether the worker is still there: it is asked, and ended when it does not answer."""
        advice = self._vigil.look(self.is_ready)
        if advice is Look.ASK:
            self.send(Request(PING, {}, PING))
        elif advice is Look.GIVE_UP:
            self.transport.kill()
            self._client.lose(self, self._no_answer())

    # --- what the transport tells -----------------------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        self._vigil.heard()
        for line in self._lines.feed(data):
            if self._client.has(self):
                self._client.arrived(self, line)

    def ended(self, reason: str) -> None:
        self._client.ended(self, WorkerFailed(Text("the worker process {reason}", reason=sentence(reason))))

    def _no_answer(self) -> WorkerFailed:
        seconds = self._vigil.seconds
        if self.is_ready:
            return WorkerFailed(
                Text("the worker process did not answer for {seconds} s and was ended", seconds=seconds)
            )
        return WorkerFailed(
            Text("the worker process said nothing for {seconds} s after its start and was ended", seconds=seconds)
        )
