"""``nodes choices``: what there is at Google, part after part."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.part_choices import Choice


@pytest.fixture
def choices(cli):
    """Runs the command with a method "Google"; ``asked`` is what the workspace was asked."""
    cli("auth", "add", "bearer", "--name", "Google", "--secret-env", "TOKEN")
    asked = []

    def run(*argv, found=(), authentication="Google"):
        def answer(profile, part, values, **more):
            asked.append((profile.name, part, dict(values), more))
            return iter(found)

        return cli("nodes", "choices", "google", "--authentication", authentication, *argv, choices=answer)

    run.asked = asked
    return run


@pytest.fixture(autouse=True)
def token(cli):
    cli.environ["TOKEN"] = "token-of-the-test"


def chosen(**parts):
    return [word for name, value in parts.items() for word in ("--set", f"{name}={value}")]


def test_the_first_part_is_listed_with_what_to_do_then(choices):
    outcome = choices(found=[Choice("radiology-1", "Radiology"), Choice("research")])
    assert outcome.code == 0, outcome.err
    assert [line.split() for line in outcome.lines[2:]] == [["radiology-1", "Radiology"], ["research"]]
    assert outcome.err.splitlines()[-1] == "Then add, for example: --set project=radiology-1"


def test_what_was_chosen_is_told_to_the_provider(choices, tmp_path):
    ca_file = str(tmp_path / "ca.pem")
    choices(*chosen(project="p"), "--proxy", "http://proxy:3128", "--ca-file", ca_file, found=[Choice("us")])
    ((profile, part, values, more),) = choices.asked
    assert (profile, part, values) == ("google", "location", {"project": "p"})
    assert (more["proxy"], more["ca_file"]) == ("http://proxy:3128", ca_file)


def test_the_last_part_is_followed_by_the_command_that_adds_the_node(choices):
    outcome = choices(*chosen(project="p", location="us", dataset="d"), found=[Choice("ct")])
    assert "nodes add NAME --provider google --set project=p --set location=us --set dataset=d --set store=ct" in (
        outcome.err
    )


def test_nothing_there_is_said(choices):
    outcome = choices(*chosen(project="p"))
    assert (outcome.code, outcome.out) == (0, "")
    assert "There is no location that you may see" in outcome.err


def test_the_choices_as_json(choices):
    assert choices("--json", found=[Choice("p", "P 1")]).json == [{"value": "p", "title": "P 1"}]


@pytest.mark.parametrize(
    ("argv", "authentication", "says"),
    [
        (chosen(projekt="p"), "Google", "there is no part 'projekt' in this URL. It has project, location"),
        (chosen(project="p", location="us", dataset="d", store="s"), "Google", "nothing is left to choose"),
        ((), "Nobody", "there is no authentication method 'Nobody'"),
    ],
)
def test_what_cannot_be_is_told_before_anybody_is_asked(choices, argv, authentication, says):
    outcome = choices(*argv, authentication=authentication)
    assert outcome.code == 2
    assert says in outcome.err
    assert not choices.asked


def test_the_method_is_needed(cli):
    outcome = cli("nodes", "choices", "google")
    assert outcome.code == 2
    assert "--authentication" in outcome.err
