"""The 800 CT slices from a server that leaves both processors to the clients."""

from __future__ import annotations

import contextlib
from typing import Iterator, Sequence

from ..benchmark import CURL, PEAK, SPEED, TIME, Benchmark, Contender, Setting, Target
from ..retrieving import ITER_STUDY, RETRIEVE_STUDY, curl, iter_study, ours, retrieve_study
from ..servers import elsewhere, in_chunks, orthanc_with
from ..studies import ct_study
from .ct_slices import SLICES

CHUNK = 16_384  # bytes; what Undertow, below dcm4chee-arc, writes at once
OVER_TLS, CURL_OVER_TLS = "DICOMWebNodes, over TLS", "curl -o, over TLS"
IN_CHUNKS, CURL_IN_CHUNKS = "DICOMWebNodes, in chunks of 16 KB", "curl -o, in chunks of 16 KB"


@contextlib.contextmanager
def prepare(setting: Setting) -> Iterator[Sequence[Contender]]:
    files = ct_study(setting.cache, setting.scaled(SLICES))
    count = len(files)
    with contextlib.ExitStack() as servers:
        orthanc = servers.enter_context(orthanc_with(files)).dicomweb_url
        plain = servers.enter_context(elsewhere(orthanc))
        chunked = servers.enter_context(in_chunks(orthanc, CHUNK))
        secure = servers.enter_context(elsewhere(orthanc, has_tls=True))
        yield (
            curl(setting, plain),
            ours(setting, plain, count),
            retrieve_study(plain, count),
            iter_study(plain, count),
            curl(setting, chunked, name=CURL_IN_CHUNKS),
            ours(setting, chunked, count, name=IN_CHUNKS),
            curl(setting, secure, name=CURL_OVER_TLS),
            ours(setting, secure, count, name=OVER_TLS),
        )


BENCHMARK = Benchmark(
    "elsewhere",
    "800 CT slices, 420 MB, Orthanc's answer given by nginx over loopback, to verified files",
    prepare,
    (
        Target(TIME, CURL, at_most=1.15),
        Target(SPEED, RETRIEVE_STUDY, at_least=5),
        Target(SPEED, ITER_STUDY, at_least=3.5),
        Target(PEAK, at_most=64),
        Target(TIME, CURL_IN_CHUNKS, who=IN_CHUNKS),
        Target(TIME, CURL_OVER_TLS, who=OVER_TLS),
    ),
)
