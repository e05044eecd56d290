"""A package that is missing is offered when a job needs it, and the job goes on as if nothing had been."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.job import JobState
from DICOMWebNodesHost.logic import Logic
from DICOMWebNodesLib.errors import AuthenticationError, PackageMissing

MISSING = PackageMissing("signing in with OAuth needs the Python package oauthlib, which is not installed")
SIGN_IN = {"url": "https://id.example.org/x", "user_code": "", "short_url": ""}


class Person:
    """Is asked whether to install; ``meanwhile`` happens while the question is on the screen."""

    def __init__(self, agrees=True):
        self.agrees = agrees
        self.asked = 0
        self.meanwhile = lambda: None

    def __call__(self):
        self.asked += 1
        self.meanwhile()
        if not self.agrees:
            raise AuthenticationError("oauthlib is not there", next_step="Install it.")


@pytest.fixture
def person():
    return Person()


@pytest.fixture
def logic(slicer, person):
    return Logic(slicer.host(ensureOAuth=person))


@pytest.fixture
def lack(slicer):
    """The worker says that the package is missing."""

    def refuse():
        slicer.loop.wait(10)
        slicer.worker.refuse(MISSING)
        slicer.loop.wait(10)

    return refuse


JOBS = {
    "search": lambda logic: logic.startSearch("Archive"),
    "nodes.test": lambda logic: logic.startTestNode("Archive"),
    "retrieve": lambda logic: logic.startImportStudies("Archive", ["1.2"]),
    "auth.sign_in": lambda logic: logic.startSignIn("Keycloak"),
    "thumbnail": lambda logic: logic.startThumbnail("Archive", "1.2"),
    "providers.choices": lambda logic: logic.startChoices("google", "project", {}, "Google"),
}


@pytest.mark.parametrize("method", JOBS)
def test_whatever_needs_it_starts_anew_once_it_is_installed(slicer, logic, person, lack, method):
    job = JOBS[method](logic)
    slicer.loop.wait(10)
    first = slicer.worker.last(method)
    lack()
    assert person.asked == 1
    again = slicer.worker.last(method)
    assert again["id"] != first["id"]
    assert {**again["params"], "lists": None} == {**first["params"], "lists": None}
    assert not job.isOver
    assert len(slicer.workers) == 1


def test_a_send_gives_its_files_again(slicer, logic, lack, tmp_path):
    file = tmp_path / "a.dcm"
    file.touch()
    logic.startSend("Archive", files=[str(file)])
    slicer.loop.wait(10)
    first = slicer.worker.last("list")["params"]
    lack()
    again = slicer.worker.last("list")["params"]
    assert again["items"] == [str(file)]
    assert again["name"] != first["name"]


def test_a_search_ends_with_what_it_finds_the_second_time(slicer, logic, lack):
    job = logic.startSearch("Archive")
    lack()
    slicer.worker.tell("items", ['{"0020000D": {"vr": "UI", "Value": ["1.2"]}}'])
    slicer.worker.answer({"count": 1})
    slicer.loop.wait(10)
    assert job.state is JobState.DONE
    assert len(job.value) == 1


@pytest.mark.parametrize("method", JOBS)
def test_whoever_does_not_want_it_gets_the_reason(slicer, logic, person, lack, method):
    person.agrees = False
    job = JOBS[method](logic)
    lack()
    slicer.loop.wait(2000)
    assert job.state is JobState.FAILED
    assert str(job.error) == "oauthlib is not there. Install it."
    assert person.asked == 1


def test_what_is_still_missing_after_that_is_not_offered_again(slicer, logic, person, lack):
    job = logic.startSearch("Archive")
    lack()
    lack()
    assert person.asked == 1
    assert isinstance(job.error, PackageMissing)


def test_jobs_that_lack_it_together_are_one_question(slicer, logic, person, lack):
    jobs = [logic.startSearch("Archive"), logic.startSearch("Lab")]
    slicer.loop.wait(10)
    ids = [message["id"] for message in slicer.worker.heard if message["method"] == "search"]

    def the_other_one_fails_too():
        slicer.worker._say({"id": ids[1], "error": {"code": -32000, "message": "", "data": MISSING.as_dict()}})
        slicer.loop.wait(10)

    person.meanwhile = the_other_one_fails_too
    slicer.worker._say({"id": ids[0], "error": {"code": -32000, "message": "", "data": MISSING.as_dict()}})
    slicer.loop.wait(10)
    assert person.asked == 1
    assert [message["params"]["node"] for message in slicer.worker.heard if message["method"] == "search"] == [
        "Archive",
        "Lab",
        "Archive",
        "Lab",
    ]
    assert not any(job.isOver for job in jobs)


def test_a_job_that_is_cancelled_while_the_question_is_asked_stays_cancelled(slicer, logic, person, lack):
    job = logic.startSearch("Archive")
    person.meanwhile = job.cancel
    lack()
    assert job.state is JobState.CANCELLED
    assert len([message for message in slicer.worker.heard if message["method"] == "search"]) == 1


def test_a_method_is_kept_without_the_package(slicer, logic, person):
    logic.startSignOut("Keycloak")
    slicer.loop.wait(10)
    assert person.asked == 0
