"""Servers that send us elsewhere, go away and come back, or want somebody else's name in the middle of a transfer."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from DICOMWebNodesLib.auth.credentials import Credential
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.workspace import Workspace
from fakes.connection_faults import cut, gzip_cut, length_too_small, stalled
from fakes.faults import Faults, html, status_429
from fakes.forward_proxy import ForwardProxy
from fakes.gate import Gate
from fakes.origin_server import ConnectionCut, OriginServer, Response
from faults.property import AT_ONCE, assert_accounted_for, origin_files_in, retrieve

LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
STUDY = Resource("1.2.3")


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    series = {Resource(*STUDY.uids, f"1.2.3.{number}"): [50_000] * 5 for number in (1, 2, 3)}
    return origin_files_in(tmp_path_factory.mktemp("origin"), series)


class Redirects:
    """Sends the first request for a thing to ``where``, given the target, with a chance of ``share``."""

    def __init__(self, seed, where, share=0.5):
        self._rng, self._where, self._share = random.Random(seed), where, share
        self.sent = set()

    def __call__(self, request, response):
        if request.target in self.sent or self._rng.random() >= self._share:
            return response
        self.sent.add(request.target)
        return Response(self._rng.choice([301, 302, 307, 308]), headers={"Location": self._where(request.target)})


@pytest.mark.parametrize("seed", range(3))
def test_redirects_within_the_server_at_random_requests_are_followed(seed, origin_files, tmp_path):
    redirects = Redirects(seed, lambda target: target.replace(".", "%2E"))
    with OriginServer(origin_files.values(), fault=redirects) as server:
        summary = retrieve(server, tmp_path, [STUDY], headers=(("X-Site", "7"),))
        assert all(each.request.headers["X-Site"] == "7" for each in server.exchanges)
    assert redirects.sent
    assert summary.complete
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


@pytest.mark.parametrize("seed", range(3))
def test_redirects_to_another_host_at_random_requests_take_nothing_along(seed, origin_files, tmp_path):
    with OriginServer(origin_files.values()) as other:
        redirects = Redirects(seed, lambda target: f"http://{urlsplit(other.url).netloc}{target}")
        with OriginServer(origin_files.values(), fault=redirects) as server:
            summary = retrieve(server, tmp_path, [STUDY], headers=(("X-Key", "hush"),))
        assert redirects.sent
        assert not any("X-Key" in each.request.headers for each in other.exchanges)
    assert summary.complete
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


def test_redirects_in_a_circle_are_named(origin_files, tmp_path):
    def circle(request, response):
        return Response(307, headers={"Location": request.target + ("" if "?" in request.target else "?x=1")})

    with OriginServer(origin_files.values(), fault=circle) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    assert not assert_accounted_for(summary, tmp_path, origin_files)
    assert {failure.reason for failure in summary.failed} == {"the server redirects in a circle"}


@pytest.mark.parametrize("seed", range(3))
def test_what_fails_behind_a_redirect_is_made_good_too(seed, origin_files, tmp_path):
    faults = Faults(seed, [cut, gzip_cut, stalled, length_too_small, html, status_429], share=0.5, most=4)
    with OriginServer(origin_files.values(), fault=faults) as other:
        redirects = Redirects(seed, lambda target: f"http://{urlsplit(other.url).netloc}{target}", share=1.0)
        with OriginServer(origin_files.values(), fault=redirects) as server:
            summary = retrieve(server, tmp_path, [STUDY], profile="static-dicomweb")
    assert faults.done
    assert summary.complete
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


@pytest.mark.parametrize("goes", ["server", "proxy"])
@pytest.mark.parametrize("seed", range(3))
def test_who_goes_away_and_comes_back_costs_nothing_but_time(seed, goes, origin_files, tmp_path):
    rng = random.Random(seed)
    falls_at, gone, back, once = rng.randrange(100_000), threading.Event(), threading.Event(), threading.Lock()

    class OpensAgain(Pacer):
        def delay(self, attempt, retry_after=None):
            with once:
                if attempt == 2 and gone.is_set() and not back.is_set():
                    back.set()
                    gate.open()
            return 0.0 if attempt < 5 else None

    def falls(request, response):
        if "multipart/related" not in response.content_type or gone.is_set():
            return response
        gone.set()
        body = b"".join(response.body)

        def pieces():
            yield body[:falls_at]
            with once:
                gate.shut()
            raise ConnectionCut

        return Response(200, pieces(), len(body), response.content_type)

    with contextlib.ExitStack() as opened:
        server = opened.enter_context(OriginServer(origin_files.values(), fault=falls))
        proxy = opened.enter_context(ForwardProxy())
        behind = server.url if goes == "server" else f"http://{proxy.address}"
        gate = opened.enter_context(Gate(urlsplit(behind).port))
        if goes == "server":
            node = Node("Restarting", f"http://127.0.0.1:{gate.port}/dicomweb", profile="generic")
        else:
            node = Node("Behind", server.url, profile="generic", proxy=f"http://127.0.0.1:{gate.port}")
        with Workspace(make_pacer=OpensAgain) as workspace:
            summary = workspace.retrieve(node, [STUDY], tmp_path)
    assert back.is_set()
    assert summary.complete, summary.failed
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


class Token(Credential):
    """Signs with the token of the moment; ``renews`` says whether it gets another one."""

    def __init__(self, tokens, renews):
        self._tokens, self._renews = tokens, renews
        self._held = tokens["valid"]

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._held}"
        return request

    def renew(self):
        self._held = self._tokens["valid"]
        return self._renews


@pytest.mark.parametrize("renews", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_a_token_that_ends_at_a_random_request_is_renewed_or_ends_the_transfer(seed, renews, origin_files, tmp_path):
    tokens = {"valid": "first"}
    left = iter(range(random.Random(seed).randrange(1, 15), -1, -1))

    def authorized(authorization):
        if next(left, None) == 0:
            tokens["valid"] = "second"
        return authorization == f"Bearer {tokens['valid']}"

    with OriginServer(origin_files.values(), authorized=authorized) as server:
        node = Node("Guarded", server.url, profile="static-dicomweb")
        with Workspace(credentials=lambda node: Token(tokens, renews), make_pacer=AT_ONCE) as workspace:
            summary = workspace.retrieve(node, [STUDY], tmp_path)
    arrived = assert_accounted_for(summary, tmp_path, origin_files)
    assert summary.complete == renews
    assert (arrived == set(origin_files)) == renews
    # Two may be refused at once; the first ends the other before its server's words are read.
    assert all(failure.reason.startswith("the server answered 401 Unauthorized") for failure in summary.failed)


def test_two_processes_that_retrieve_the_same_study_into_one_folder_do_not_harm_each_other(origin_files, tmp_path):
    output = tmp_path / "output"
    with OriginServer(origin_files.values()) as server:
        program = [sys.executable, "-m", "DICOMWebNodesLib", "retrieve", server.url, "1.2.3", "--output", str(output)]
        environ = {"DICOMWEBNODES_HOME": str(tmp_path), "PATH": ""}
        both = [subprocess.Popen(program, cwd=LIBRARY, env=environ, stdout=subprocess.DEVNULL) for _ in range(2)]
        assert [process.wait(60) for process in both] == [0, 0]
    there = {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert there == {f"{'/'.join(each.uids)}.dcm": path.read_bytes() for each, path in origin_files.items()}
