"""A long way to a server: ``python delaying_proxy.py HOST PORT SECONDS`` prints the port that it listens on.

Every byte arrives half a round trip later in either direction, and a connection costs a round trip before its first
byte, as TCP's handshake does. The bandwidth is not limited: what is on its way is held in memory.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from typing import Deque, Optional, Tuple

# Bytes on their way in one direction of a connection: at 50 ms, more than 2 GB a second.
WINDOW = 64 * 1024 * 1024
_END = b""


class Direction(asyncio.Protocol):
    """Takes what one side says and gives it to ``other`` when it is due. ``delay``, ``handshake``: seconds."""

    def __init__(self, delay: float, handshake: float = 0.0) -> None:
        self.joining: Optional[asyncio.Task[None]] = None
        self._loop = asyncio.get_running_loop()
        self._delay = delay
        self._open_at = self._loop.time() + handshake
        self._on_its_way: Deque[Tuple[float, bytes]] = deque()
        self._size = 0
        self._other_is_full = False

    def join(self, other: Direction) -> None:
        """From now on what comes here goes there."""
        self._other = other
        self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=WINDOW)
        transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        self._send_later(data)
        self._hold_or_go_on()

    def eof_received(self) -> bool:
        self._send_later(_END)
        return True  # what is on its way in the other direction still arrives

    def connection_lost(self, error: Optional[Exception]) -> None:
        self._send_later(_END)

    def pause_writing(self) -> None:
        self._other._other_is_full = True
        self._other._hold_or_go_on()

    def resume_writing(self) -> None:
        self._other._other_is_full = False
        self._other._hold_or_go_on()

    def _send_later(self, data: bytes) -> None:
        due = max(self._loop.time(), self._open_at) + self._delay
        self._size += len(data)
        self._on_its_way.append((due, data))
        self._loop.call_at(due, self._arrive)

    def _arrive(self) -> None:
        """The timers of one instant may fire in any order; what was sent first arrives first."""
        _, data = self._on_its_way.popleft()
        self._size -= len(data)
        there = self._other._transport
        if data == _END:
            there.close()
        elif not there.is_closing():
            there.write(data)
        self._hold_or_go_on()

    def _hold_or_go_on(self) -> None:
        if self._other_is_full or self._size > WINDOW:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()


async def listen(host: str, port: int, round_trip: float) -> asyncio.Server:
    """A proxy on a free port of this machine; ``round_trip`` in seconds."""
    loop = asyncio.get_running_loop()

    async def connect(near: Direction) -> None:
        _, far = await loop.create_connection(lambda: Direction(round_trip / 2), host, port)
        near.join(far)
        far.join(near)

    def accepted() -> Direction:
        near = Direction(round_trip / 2, handshake=round_trip)
        near.joining = loop.create_task(connect(near))
        return near

    return await loop.create_server(accepted, "127.0.0.1", 0, backlog=128)


async def main() -> None:
    host, port, round_trip = sys.argv[1:]
    server = await listen(host, int(port), float(round_trip))
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
