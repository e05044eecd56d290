"""A DICOMweb origin server for the demo and the tests: embedded, strict, and of its own making.

It abides by PS3.18 (QIDO-RS, WADO-RS, WADO-URI, STOW-RS) and refuses what the standard forbids, so that a client
that passes here sends what every server understands. It shares no code with the library: an error in both would
not be seen. It makes no claim beyond that; it is no archive for patients' data.

::

    server.py    HTTP/1.1, threads, faults      messages.py     Request, Response, Refusal as values
    routes.py    path and method -> service     dialect.py      what a real server does differently
    search.py    QIDO-RS                        matching.py     PS3.4 C.2.2.2      levels.py   study, series, instance
    retrieve*.py WADO-RS   wado_uri.py          encoding.py     transfer syntaxes  frames.py, rendering.py
    store.py     STOW-RS                        negotiation.py  Accept             multipart.py
    archive.py   files -> instances             attributes.py   data set -> DICOM JSON and XML
    dialects/    what each server of the field does differently, put together from behaviours/
"""

from .archive import Archive
from .dialect import Dialect
from .messages import ConnectionCut, ConnectionReset, Request, Response
from .server import Exchange, Fault, OriginServer

__all__ = [
    "Archive",
    "ConnectionCut",
    "ConnectionReset",
    "Dialect",
    "Exchange",
    "Fault",
    "OriginServer",
    "Request",
    "Response",
]
