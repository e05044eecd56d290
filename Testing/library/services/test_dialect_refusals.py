"""What becomes of a server's refusals: who is not let in, what lies elsewhere, what is not there any more."""

from __future__ import annotations

import dataclasses
import re

import pytest
from dialect_suite.bench import bench, replayed
from dialect_suite.collection import ROOT, write_collection
from DICOMWebNodesLib.auth.credentials import Credential
from DICOMWebNodesLib.errors import Forbidden, ResponseError, Unauthorized
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Query, Resource, Workspace
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.behaviours.offers import as_page, bearer_wanted, redirected
from fakes.origin_server.behaviours.retrieving import no_longer_accessible
from fakes.origin_server.dialects import DIALECTS, dcm4chee, kaapana

NOWHERE = Resource(f"{ROOT}.404", f"{ROOT}.404.1", f"{ROOT}.404.1.1")


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    return write_collection(tmp_path_factory.mktemp("collection"))


@pytest.fixture
def nobody(tmp_path):
    """Somebody without a token."""
    with Workspace(NodeStore(tmp_path / "nodes.json", predefined=())) as workspace:
        yield workspace


def without_markup(text):
    return not re.search(r"[<>{}]|\\tat |errorMessage", text)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_refusal_is_told_in_the_servers_own_words_without_its_wrapping(dialect, collection, tmp_path):
    with replayed(dialect, collection, tmp_path) as one:
        with pytest.raises(ResponseError) as caught:
            list(one.workspace.metadata(one.node, NOWHERE))
        assert re.search(r"no such resource|Not Found", caught.value.cause), caught.value
        assert without_markup(caught.value.cause), caught.value


def test_a_stack_trace_is_told_by_its_first_line(collection, tmp_path):
    def fails(request, answer):
        return dataclasses.replace(answer(dataclasses.replace(request, target="/nowhere")), status=500)

    dialect = dcm4chee.dialect()
    broken = dataclasses.replace(dialect, behaviours=(dialect.behaviours[0], fails))
    with OriginServer(collection.files.values(), dialect=broken) as server:
        with bench(server.url, "dcm4chee", collection, tmp_path) as one:
            with pytest.raises(ResponseError, match="NullPointerException") as caught:
                list(one.workspace.search(one.node, Query.studies()))
    assert without_markup(caught.value.cause)
    assert "org.dcm4chee" in caught.value.detail


def test_a_page_behind_a_401_is_told_by_its_title(collection, tmp_path):
    page, content_type = as_page(401, "wrong issuer")
    behaviours = (bearer_wanted(401, page, content_type), *dcm4chee.dialect().behaviours)
    with OriginServer(collection.files.values(), dialect=Dialect(behaviours=behaviours)) as server:
        with Workspace(NodeStore(tmp_path / "nodes.json", predefined=())) as somebody:
            with pytest.raises(Unauthorized, match="Sign in") as caught:
                list(somebody.search(server.url, Query.studies()))
    assert without_markup(caught.value.cause)


def test_what_is_in_the_archive_but_cannot_be_read_there_is_named_and_all_else_comes(collection, tmp_path):
    lost = collection.instance
    behaviours = (no_longer_accessible(lost.sop_instance_uid), *dcm4chee.dialect().behaviours)
    dialect = dataclasses.replace(dcm4chee.dialect(), behaviours=behaviours)
    with OriginServer(collection.files.values(), dialect=dialect) as server:
        with bench(server.url, "dcm4chee", collection, tmp_path) as one:
            summary = one.workspace.retrieve(one.node, [collection.series], tmp_path / "out")
    assert summary.stored == 4
    (failure,) = summary.failed
    assert failure.resource == lost
    assert "No longer accessible" in failure.reason


def test_a_study_that_lies_in_another_archive_is_followed_there_without_the_token(collection, tmp_path):
    tokens = []

    def only_strangers(authorization):
        tokens.append(authorization)
        return not authorization

    moved = collection.study.study_instance_uid
    with OriginServer(collection.files.values(), authorized=only_strangers) as far:
        behaviours = (redirected(far.url, [moved]), *dcm4chee.dialect().behaviours)
        near = dataclasses.replace(dcm4chee.dialect(), behaviours=behaviours)
        with OriginServer(collection.files.values(), dialect=near) as server:
            with bench(server.url, "dcm4chee", collection, tmp_path) as one:
                summary = one.workspace.retrieve(one.node, [collection.study], tmp_path / "out")
    assert summary.complete, summary
    assert set(tokens) == {""}


def test_kaapanas_403_for_a_missing_token_asks_to_sign_in(collection, tmp_path, nobody):
    with OriginServer(collection.files.values(), dialect=kaapana.dialect()) as server:
        with bench(server.url, "kaapana", collection, tmp_path) as one:
            with pytest.raises(Unauthorized, match="Sign in"):
                list(nobody.search(one.node, Query.studies()))
            with pytest.raises(Forbidden):
                list(nobody.search(dataclasses.replace(one.node, profile="generic"), Query.studies()))


def test_a_token_that_kaapana_finds_expired_is_renewed_once(collection, tmp_path):
    class Renewing(Credential):
        token, renewals = "old", 0

        def __call__(self, request):
            request.headers["Authorization"] = f"Bearer {self.token}"
            return request

        def renew(self):
            self.token, self.renewals = "new", self.renewals + 1
            return True

        def secrets(self):
            return ("old", "new")

    def only_new(request, answer):
        if request.headers["Authorization"] == "Bearer new":
            return answer(request)
        return bearer_wanted(403, '{"detail":"Invalid token or claims"}', "application/json")(
            dataclasses.replace(request, headers={}), answer
        )

    credential = Renewing()
    dialect = dataclasses.replace(kaapana.dialect(), behaviours=(only_new, *kaapana.dialect().behaviours))
    with OriginServer(collection.files.values(), dialect=dialect) as server:
        with bench(server.url, "kaapana", collection, tmp_path) as one:
            with Workspace(NodeStore(tmp_path / "nodes.json", predefined=()), lambda node: credential) as workspace:
                assert len(list(workspace.search(one.node, Query.studies()))) == 5
    assert credential.renewals == 1


def test_a_search_that_is_put_together_says_so(collection, tmp_path):
    told = []
    with replayed("kaapana", collection, tmp_path) as one:
        assert len(list(one.workspace.search(one.node, Query.series(), told.append))) == 8
    assert told == ["series are looked for study by study, because this server knows no other way"]
