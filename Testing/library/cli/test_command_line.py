from __future__ import annotations

import io
import re

import pytest
from DICOMWebNodesLib import __version__, errors
from DICOMWebNodesLib.cli.exit_codes import MEANING, ExitCode, exit_code_of, kind_of_error
from DICOMWebNodesLib.cli.main import main

COMMANDS = [
    ["nodes", "list"],
    ["nodes", "add"],
    ["nodes", "edit"],
    ["nodes", "remove"],
    ["nodes", "duplicate"],
    ["nodes", "test"],
    ["nodes", "import"],
    ["nodes", "export"],
    ["nodes", "providers"],
    ["nodes", "choices"],
    *(
        ["auth", each]
        for each in ("templates", "list", "add", "edit", "remove", "secrets", "login", "logout", "status")
    ),
    ["search", "studies"],
    ["search", "series"],
    ["search", "instances"],
    ["retrieve"],
    ["store"],
    ["thumbnail"],
    ["open"],
    ["cache"],
    ["diagnostics"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(cli, command):
    outcome = cli(*command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"usage: python -m DICOMWebNodesLib {' '.join(command)}")
    assert outcome.err == ""
    usage, _, rest = outcome.out.partition("\n\n")
    places = re.search(r"^positional arguments:\n(.*?)\n\n", rest, re.MULTILINE | re.DOTALL)
    for name in re.findall(r"^  (\w+)", places[1] if places else "", re.MULTILINE):
        assert name in usage or name == "COMMAND"


def test_the_help_documents_every_exit_status(cli):
    text = cli("--help").out
    assert set(MEANING) == set(ExitCode)
    for code, meaning in MEANING.items():
        assert f"{code.value:3}  {meaning}" in text


def test_the_version_is_shown(cli):
    assert cli("--version").out == f"DICOMWebNodes {__version__}\n"


@pytest.mark.parametrize(
    "argv",
    [
        ["store", "https://pacs.example.org/dicom-web", "nowhere"],
        ["nodes", "import", "nowhere"],
        ["retrieve", "https://pacs.example.org/dicom-web", "--csv", "nowhere", "--output", "data"],
    ],
    ids=["store", "import", "cohort"],
)
def test_a_file_that_is_not_there_has_the_same_status_everywhere(cli, tmp_path, argv):
    outcome = cli(*(str(tmp_path / each) if each in ("nowhere", "data") else each for each in argv))
    assert outcome.code == ExitCode.FAILED
    assert str(tmp_path / "nowhere") in outcome.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "required: COMMAND"),
        (["search"], "required: COMMAND"),
        (["fetch"], "invalid choice: 'fetch'"),
        (["nodes", "list", "--jsn"], "unrecognized arguments: --jsn. 'python -m DICOMWebNodesLib nodes list --help'"),
        (["nodes", "export", "--out", "x"], "unrecognized arguments: --out"),
        (["search", "studies"], "required: NODE"),
        (["retrieve", "Lab", "1.2"], "required: --output"),
        (["search", "studies", "Lab", "--limit", "0"], "0 is less than one"),
        (["search", "studies", "Lab", "--limit", "ten"], "'ten' is not a whole number"),
        (["search", "studies", "Lab", "--all", "--limit", "3"], "not allowed with argument"),
    ],
)
def test_a_wrong_command_line_is_one_line_that_names_the_help(cli, argv, message):
    outcome = cli(*argv)
    assert outcome.code == 2
    assert message in outcome.err
    assert "--help' shows how." in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""


def every_error():
    pending = [errors.DICOMWebNodesError]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        yield kind


def made(kind):
    needed = {"status": 500} if issubclass(kind, errors.ResponseError) else {}
    needed = {"whole_parts": 1} if issubclass(kind, errors.TruncatedMultipart) else needed
    needed = {"summary": None} if issubclass(kind, errors.IncompleteTransfer) else needed
    return kind("the cause", node="Lab", asked="search studies", next_step="Do this.", **needed)


@pytest.mark.parametrize("kind", list(every_error()), ids=lambda kind: kind.__name__)
def test_every_error_is_one_line_with_its_cause_and_next_step(cli, raising, kind):
    outcome = cli("nodes", "test", "https://host/", test=raising(made(kind)))
    assert outcome.err == "error: Lab: could not search studies: the cause. Do this.\n"
    assert outcome.code == exit_code_of(kind) != 0


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.InvalidUID, 2),
        (errors.NodeNotFound, 2),
        (errors.UnsupportedService, 2),
        (errors.IncompleteTransfer, 3),
        (errors.SignInRequired, 4),
        (errors.Unauthorized, 4),
        (errors.Forbidden, 4),
        (errors.TLSFailed, 5),
        (errors.TimedOut, 5),
        (errors.NotFound, 6),
        (errors.Gone, 6),
        (errors.DiskFull, 1),
        (errors.ServerError, 1),
        (errors.NotDICOMweb, 1),
        (errors.StoreUnavailable, 1),
        (errors.Cancelled, 130),
    ],
)
def test_the_exit_status_tells_kinds_of_errors_apart(kind, code):
    assert exit_code_of(kind) == code
    assert kind_of_error(kind.code) is kind


def test_what_a_server_wrote_cannot_steer_the_terminal(cli, raising):
    error = errors.ServerError("it said \x1b]0;owned\x07\x1b[2J\u202egnp.exe\r\nnext", status=500)
    outcome = cli("nodes", "test", "https://host/", test=raising(error), terminal=True)
    assert outcome.err.startswith("error: it said ]0;owned[2Jgnp.exe next.")
    assert outcome.err.count("\n") == 1


def test_verbose_adds_where_it_happened_and_what_the_server_sent(cli, raising):
    error = errors.ServerError("it failed", status=500, detail="<h1>out of memory</h1>\x1b[31m")
    plain = cli("nodes", "test", "https://host/", test=raising(error))
    assert plain.err.count("\n") == 1
    verbose = cli("nodes", "test", "https://host/", "--verbose", test=raising(error))
    assert "the server said: <h1>out of memory</h1>" in verbose.err
    assert "Traceback (most recent call last)" in verbose.err
    assert "\x1b" not in verbose.err


def test_a_defect_of_ours_is_one_line_that_asks_for_a_report(cli, raising):
    outcome = cli("nodes", "test", "https://host/", test=raising(RuntimeError("of ours")))
    assert outcome.code == 1
    assert outcome.err.startswith("error: unexpected RuntimeError: of ours. Add --verbose and report")
    assert outcome.err.count("\n") == 1


def test_ctrl_c_is_no_traceback(cli, raising):
    outcome = cli("nodes", "test", "https://host/", test=raising(KeyboardInterrupt()))
    assert (outcome.code, outcome.err) == (130, "cancelled\n")


def test_a_reader_that_goes_away_is_nobodys_error(tmp_path):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    err = io.StringIO()
    code = main(
        ["nodes", "list"], stdout=Closed(), stderr=err, environ={"DICOMWEBNODES_HOME": str(tmp_path / "settings")}
    )
    assert (code, err.getvalue()) == (141, "")
