"""Projects, locations, datasets and stores of Google Cloud, from its own lists."""

from __future__ import annotations

from typing import Iterator

import pytest
import trustme
from canary import canary
from DICOMWebNodesLib.auth.credentials import BearerAuth
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.part_choices import Choice
from DICOMWebNodesLib.dicomweb.profile import profile_named, profiles
from DICOMWebNodesLib.dicomweb.url_form import URLForm
from DICOMWebNodesLib.errors import (
    DICOMWebNodesError,
    Forbidden,
    InvalidNode,
    LimitExceeded,
    MalformedJSON,
    ProxyFailed,
    TLSFailed,
    Unauthorized,
)
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Workspace
from fakes.google_cloud import HEALTHCARE, RESOURCE_MANAGER, GoogleCloud

GOOGLE = profile_named("google")
STORES = {
    "radiology-1": {"europe-west4": {"ct": ("head", "chest", "knee.2024"), "mr": ()}, "us-central1": {}},
    "example.org:old": {},
    "research": {},
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def cloud(authority: trustme.CA) -> Iterator[GoogleCloud]:
    with GoogleCloud(authority, canary("google-token"), STORES) as running:
        yield running


class Person:
    """Somebody who is signed in, and fills in one part after the other."""

    def __init__(self, cloud: GoogleCloud, folder, authority: trustme.CA, token: str = "") -> None:
        self._cloud = cloud
        self._ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(self._ca_file)
        nodes = NodeStore(folder / "nodes.json", predefined=())
        credential = BearerAuth(token or cloud.token)
        self._workspace = Workspace(nodes, lambda node: credential, make_pacer=lambda: Pacer(attempts=1))

    def choices(self, part: str, *, profile=GOOGLE, proxy: str = "", ca_file: str = "", **values: str):
        found = self._workspace.choices(
            profile,
            part,
            values,
            authentication="google",
            proxy=proxy or self._cloud.proxy,
            ca_file=ca_file or str(self._ca_file),
        )
        return list(found)

    def values(self, part: str, **values: str):
        return [choice.value for choice in self.choices(part, **values)]


@pytest.fixture
def person(cloud: GoogleCloud, authority: trustme.CA, tmp_path) -> Person:
    return Person(cloud, tmp_path, authority)


def test_projects_come_with_their_names_page_after_page(person: Person, cloud: GoogleCloud) -> None:
    assert person.choices("project") == [
        Choice("radiology-1", "Radiology-1"),
        Choice("example.org:old", "Example.Org:Old"),
        Choice("research", "Research"),
    ]
    assert [host for host, _ in cloud.asked] == [RESOURCE_MANAGER, RESOURCE_MANAGER]


def test_each_part_is_listed_with_what_was_chosen_before(person: Person) -> None:
    chosen = {"project": "radiology-1"}
    assert person.values("location", **chosen) == ["europe-west4", "us-central1"]
    chosen["location"] = "europe-west4"
    assert person.values("dataset", **chosen) == ["ct", "mr"]
    chosen["dataset"] = "ct"
    assert person.values("store", **chosen) == ["head", "chest", "knee.2024"]
    assert GOOGLE.url_from({**chosen, "store": "head"}).endswith("/datasets/ct/dicomStores/head/dicomWeb")


def test_an_empty_list_is_no_error(person: Person) -> None:
    assert person.values("dataset", project="radiology-1", location="us-central1") == []


def test_a_part_that_is_needed_first_is_named(person: Person, cloud: GoogleCloud) -> None:
    with pytest.raises(InvalidNode, match="Project is missing") as missing:
        person.choices("location")
    assert missing.value.field == "project"
    with pytest.raises(InvalidNode, match="Location 'a/b' is not a location"):
        person.choices("dataset", project="p", location="a/b")
    with pytest.raises(InvalidNode, match="nobody lists what API version can be"):
        person.choices("version")
    with pytest.raises(InvalidNode, match="there is no part 'x'"):
        person.choices("x")
    assert not cloud.hosts


def test_a_list_that_is_closed_to_the_person_says_so_and_what_to_do(person: Person, cloud: GoogleCloud) -> None:
    cloud.closed[RESOURCE_MANAGER] = "Cloud Resource Manager API has not been used in project 1 before."
    with pytest.raises(Forbidden) as refused:
        person.choices("project")
    assert str(refused.value) == (
        "Google Cloud Healthcare: could not list what Project can be: the server answered 403 Forbidden "
        "(“Cloud Resource Manager API has not been used in project 1 before.”). "
        "Type it instead (Project): it is in the provider's console. Or ask for the right to list them."
    )


def test_a_token_that_has_ended_is_not_repeated_in_the_error(cloud: GoogleCloud, authority, tmp_path) -> None:
    wrong = Person(cloud, tmp_path, authority, token=canary("another-token"))
    with pytest.raises(Unauthorized, match="invalid authentication credentials"):
        wrong.choices("project")


def test_the_token_goes_to_googles_own_hosts_only(person: Person, cloud: GoogleCloud) -> None:
    person.choices("project")
    person.choices("store", project="radiology-1", location="europe-west4", dataset="ct")
    assert set(cloud.hosts) == {RESOURCE_MANAGER, HEALTHCARE}


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.name)
def test_a_list_is_asked_for_at_a_host_of_the_provider_and_over_tls(profile) -> None:
    hosts = {part.choices.origin for part in profile.form.parts if part.choices is not None}
    assert all(host.startswith("https://") and host.endswith(".googleapis.com:443") for host in hosts)
    assert bool(hosts) == (profile.name == "google")


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"url": "http://lists.example.org", "items": "x", "value": "y"}, "over https"),
        ({"url": "https://{other}.example.org/", "items": "x", "value": "y"}, "no valid host name"),
        ({"url": "https://lists.example.org/{part}", "items": "x", "value": "y"}, "with the other parts alone"),
        ({"url": "https://lists.example.org/", "items": "x"}, "value"),
    ],
)
def test_a_profile_that_would_send_a_credential_somewhere_else_is_refused(choices, why) -> None:
    part = {"label": "P", "example": "p", "pattern": r"\w+", "expects": "a p"}
    parts = [{"name": "part", **part, "choices": choices}, {"name": "other", **part}]
    with pytest.raises(ValueError, match=why):
        URLForm.of("https://example.org/{part}/{other}", parts)


def test_a_server_whose_certificate_is_not_trusted_gets_no_token(person: Person, cloud: GoogleCloud, tmp_path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    with pytest.raises(TLSFailed):
        person.choices("project", ca_file=str(tmp_path / "other.pem"))
    assert not cloud.asked


def test_a_proxy_that_does_not_lead_there_is_named(person: Person) -> None:
    with pytest.raises(ProxyFailed):
        person.choices("project", proxy="http://127.0.0.1:9")


class Scripted(GoogleCloud):
    """Answers what it is told to."""

    pages: list

    def answer(self, host, target, headers):
        self.asked.append((host, target))
        return 200, self.pages[min(len(self.asked), len(self.pages)) - 1]


@pytest.fixture
def scripted(authority: trustme.CA) -> Iterator[Scripted]:
    with Scripted(authority, "", {}) as running:
        yield running


@pytest.mark.parametrize(
    ("pages", "values"),
    [
        ([{"projects": [{"projectId": "a"}], "nextPageToken": "1"}, {"projects": [{"projectId": "a"}]}], ["a"]),
        ([{"projects": [{"projectId": "a"}], "nextPageToken": "1"}] * 3, ["a"]),  # round in a circle
        ([{"projects": [{"projectId": "../x?y"}, {"projectId": 5}, {}, None, {"projectId": "b"}]}], ["b"]),
        ([{"projects": "none"}], []),
        ([{}], []),
    ],
)
def test_what_no_url_could_have_in_it_is_passed_over(scripted, authority, tmp_path, pages, values) -> None:
    scripted.pages = pages
    assert Person(scripted, tmp_path, authority, token=canary()).values("project") == values


def test_a_name_cannot_steer_a_terminal_or_a_window(scripted, authority, tmp_path) -> None:
    scripted.pages = [{"projects": [{"projectId": "a", "name": "<b>\x1b[31mred</b>"}]}]
    assert Person(scripted, tmp_path, authority, token=canary()).choices("project") == [Choice("a", "[31mred")]


@pytest.mark.parametrize("page", [[], "text", {"nextPageToken": 5}])
def test_an_answer_of_another_form_is_an_error_that_says_who_sent_it(scripted, authority, tmp_path, page) -> None:
    scripted.pages = [page]
    with pytest.raises(MalformedJSON, match=r"^Google Cloud Healthcare: could not list what Project can be"):
        Person(scripted, tmp_path, authority, token=canary()).choices("project")


def test_a_list_without_end_is_given_up(scripted, authority, tmp_path) -> None:
    scripted.pages = [
        {"projects": [{"projectId": f"p{page}-{row}"} for row in range(500)], "nextPageToken": str(page)}
        for page in range(50)
    ]
    with pytest.raises(LimitExceeded, match="more than 20,000 choices"):
        Person(scripted, tmp_path, authority, token=canary()).choices("project")


def test_a_version_can_be_chosen_for_the_lists_too(person: Person, cloud: GoogleCloud) -> None:
    with pytest.raises(DICOMWebNodesError):  # the fake has v1 only
        person.choices("location", project="radiology-1", version="v1beta1")
    assert cloud.asked[-1][1].startswith("/v1beta1/projects/radiology-1/locations?")


def test_a_provider_that_lists_nothing_says_so(person: Person) -> None:
    with pytest.raises(InvalidNode, match="nobody lists what Host can be"):
        person.choices("host", profile=profile_named("dcm4chee"))
