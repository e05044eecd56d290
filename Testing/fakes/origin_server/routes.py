"""Which resource a request is for (PS3.18 tables 10.1-1 and 9-1), and the service that answers it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, Dict, List, Tuple

from . import retrieve, retrieve_bulkdata, retrieve_rendered, search, store, wado_uri
from .archive import Archive
from .dialect import Dialect
from .levels import Level
from .messages import Refusal, Request, Response

DICOMWEB = "/dicomweb"
WADO_URI = "/wado"

_STUDY = r"/studies/(?P<study>[^/]+)"
_SERIES = _STUDY + r"/series/(?P<series>[^/]+)"
_INSTANCE = _SERIES + r"/instances/(?P<instance>[^/]+)"
_ANY = r"/studies/(?P<study>[^/]+)(?:/series/(?P<series>[^/]+)(?:/instances/(?P<instance>[^/]+))?)?"

Action = Callable[..., Response]


class Routes:
    """The services of one archive."""

    def __init__(self, archive: Archive, storage: Path, dialect: Dialect) -> None:
        self._archive = archive
        self._storage = storage
        self._dialect = dialect
        table: List[Tuple[str, Dict[str, Action]]] = [
            (r"/studies", {"GET": self._search_studies, "POST": self._store}),
            (r"/series", {"GET": self._search_series}),
            (r"/instances", {"GET": self._search_instances}),
            (_STUDY + r"/series", {"GET": self._search_series}),
            (_STUDY + r"/instances", {"GET": self._search_instances}),
            (_SERIES + r"/instances", {"GET": self._search_instances}),
            (_STUDY, {"GET": self._instances, "POST": self._store}),
            (_SERIES, {"GET": self._instances}),
            (_INSTANCE, {"GET": self._instances}),
            (_ANY + r"/metadata", {"GET": self._metadata}),
            (_ANY + r"/rendered", {"GET": self._rendered}),
            (_ANY + r"/thumbnail", {"GET": self._thumbnail}),
            (_INSTANCE + r"/frames/(?P<frames>[^/]+)", {"GET": self._frames}),
            (_INSTANCE + r"/frames/(?P<frames>[^/]+)/rendered", {"GET": self._rendered}),
            (_INSTANCE + r"/frames/(?P<frames>[^/]+)/thumbnail", {"GET": self._thumbnail}),
            (_INSTANCE + r"/bulkdata/(?P<reference>[^/]+)", {"GET": self._bulkdata}),
        ]
        self._table = [(re.compile(DICOMWEB + pattern), methods) for pattern, methods in table]
        self._table.append((re.compile(WADO_URI), {"GET": self._wado_uri}))

    def answer(self, request: Request) -> Response:
        """Every refusal becomes a response; 404 for no resource, 405 for a method that it does not have."""
        try:
            for pattern, methods in self._table:
                match = pattern.fullmatch(request.path)
                if match:
                    if request.method not in methods:
                        raise Refusal(405, f"{request.method} is not for this resource", {"Allow": ", ".join(methods)})
                    named = {name: value or "" for name, value in match.groupdict().items()}
                    return methods[request.method](request, **named)
            raise Refusal(404, f"there is no such resource: {request.path}")
        except Refusal as refusal:
            return Response.of_text(refusal.status, refusal.reason, refusal.headers)

    def _search_studies(self, request: Request) -> Response:
        return search.search(self._archive, self._dialect, request, Level.STUDIES, "", "")

    def _search_series(self, request: Request, study: str = "") -> Response:
        return search.search(self._archive, self._dialect, request, Level.SERIES, study, "")

    def _search_instances(self, request: Request, study: str = "", series: str = "") -> Response:
        return search.search(self._archive, self._dialect, request, Level.INSTANCES, study, series)

    def _instances(self, request: Request, study: str, series: str = "", instance: str = "") -> Response:
        level = "instances" if instance else "series" if series else "studies"
        if level not in self._dialect.retrieve_levels:
            raise Refusal(404, f"{level} are not given as a whole here")
        return retrieve.instances(request, self._archive.select(study, series, instance), bool(instance))

    def _metadata(self, request: Request, study: str, series: str, instance: str) -> Response:
        return retrieve.metadata(request, self._archive.select(study, series, instance))

    def _rendered(self, request: Request, study: str, series: str, instance: str, frames: str = "") -> Response:
        selected = self._archive.select(study, series, instance)
        return retrieve_rendered.rendered(request, selected, bool(instance), frames)

    def _thumbnail(self, request: Request, study: str, series: str, instance: str, frames: str = "") -> Response:
        return retrieve_rendered.thumbnail(request, self._archive.select(study, series, instance), frames)

    def _frames(self, request: Request, study: str, series: str, instance: str, frames: str) -> Response:
        return retrieve_bulkdata.frames(request, self._archive.select(study, series, instance)[0], frames)

    def _bulkdata(self, request: Request, study: str, series: str, instance: str, reference: str) -> Response:
        return retrieve_bulkdata.bulkdata(request, self._archive.select(study, series, instance)[0], reference)

    def _store(self, request: Request, study: str = "") -> Response:
        return store.store(self._archive, self._storage, self._dialect, request, study)

    def _wado_uri(self, request: Request) -> Response:
        return wado_uri.retrieve(self._archive, request)
