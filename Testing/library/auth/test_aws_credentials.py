"""Credentials where AWS's own tools keep them."""

import json
import subprocess
import sys

import pytest
from canary import canary
from DICOMWebNodesLib.auth.aws_credentials import AwsCredentialChain, AwsCredentials, process_of
from DICOMWebNodesLib.errors import SignInRequired


class Home:
    """A home folder with AWS's files in it, and an environment that names nothing else."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.environ = {"HOME": str(folder)}

    def write(self, name, text):
        (self.folder / ".aws").mkdir(exist_ok=True)
        (self.folder / ".aws" / name).write_text(text)

    def chain(self, profile="", **options):
        return AwsCredentialChain(profile, **{"environ": self.environ, "botocore": lambda name: None, **options})


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "kept-by-other-programs")


def keys(section, key, secret, token=""):
    session = f"aws_session_token = {token}\n" if token else ""
    return f"[{section}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n{session}\n"


def test_the_environment_comes_first(home):
    home.write("credentials", keys("default", "FILE", canary()))
    secret, token = canary(), canary()
    home.environ.update(AWS_ACCESS_KEY_ID="ENV", AWS_SECRET_ACCESS_KEY=secret, AWS_SESSION_TOKEN=token)
    assert home.chain()() == AwsCredentials("ENV", secret, token)


def test_a_profile_that_is_named_comes_before_the_environment(home):
    secret = canary()
    home.write("credentials", keys("lab", "FILE", secret))
    home.environ.update(AWS_ACCESS_KEY_ID="ENV", AWS_SECRET_ACCESS_KEY=canary())
    assert home.chain("lab")() == AwsCredentials("FILE", secret)


@pytest.mark.parametrize(("name", "section"), [("config", "profile lab"), ("credentials", "lab")])
def test_both_files_are_read(home, name, section):
    secret, token = canary("100%"), canary()
    home.write(name, keys(section, "KEY", secret, token))
    home.environ["AWS_PROFILE"] = "lab"
    assert home.chain()() == AwsCredentials("KEY", secret, token)


def test_the_default_profile_has_no_prefix(home):
    secret = canary()
    home.write("config", keys("default", "KEY", secret))
    assert home.chain()().secret_access_key == secret


def test_the_files_may_be_elsewhere(home):
    secret = canary()
    (home.folder / "elsewhere").write_text(keys("default", "KEY", secret))
    home.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(home.folder / "elsewhere")
    assert home.chain()().secret_access_key == secret


def test_a_program_can_give_them(home):
    secret, commands = canary(), []

    def run(command):
        commands.append(command)
        answer = {"Version": 1, "AccessKeyId": "TMP", "SecretAccessKey": secret, "SessionToken": "t"}
        return json.dumps({**answer, "Expiration": "2027-01-15T08:00:00Z"})

    home.write("config", "[default]\ncredential_process = /opt/sso --profile 'my lab'\n")
    found = home.chain(run=run)()
    assert (found.access_key_id, found.secret_access_key, found.expires_at) == ("TMP", secret, 1_800_000_000.0)
    assert commands == [process_of("/opt/sso --profile 'my lab'")]


def test_windows_takes_a_command_apart_itself():
    command = '"C:\\Program Files\\sso.exe" --profile "my lab"'
    assert process_of(command, "win32") == command
    assert process_of("/opt/sso --profile 'my lab'", "linux") == ["/opt/sso", "--profile", "my lab"]


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "no json", '{"AccessKeyId": "a", "SecretAccessKey": "b", "Expiration": "x"}']
)
def test_a_program_that_gives_something_else_is_told_without_its_output(home, answer):
    home.write("config", "[default]\ncredential_process = /opt/sso\n")
    with pytest.raises(SignInRequired, match=r"credential_process of the AWS profile gave no credentials \(\w+\)"):
        home.chain(run=lambda command: answer)()


def test_a_program_that_fails_is_told_without_its_output(home):
    home.write("config", f'[default]\ncredential_process = "{sys.executable}" -c "raise SystemExit(1)"\n')
    with pytest.raises(SignInRequired, match="CalledProcessError"):
        home.chain()()
    home.write("config", "[default]\ncredential_process = /no/such/program\n")
    with pytest.raises(SignInRequired, match="FileNotFoundError"):
        home.chain()()


def test_what_only_botocore_knows_is_left_to_it(home):
    home.write("config", "[profile sso]\nsso_session = corp\n")
    found = AwsCredentials("SSO", canary())
    asked = []
    chain = home.chain("sso", botocore=lambda name: asked.append(name) or found)
    assert chain() == found
    assert asked == ["sso"]


def test_nothing_at_all_is_told_with_what_to_do(home):
    with pytest.raises(SignInRequired, match=r"neither in the environment nor in the profile 'lab'.*aws configure"):
        home.chain("lab")()


def test_a_damaged_file_is_told(home):
    home.write("credentials", "aws_access_key_id = x\n")
    with pytest.raises(SignInRequired, match=r"credentials cannot be read \(MissingSectionHeaderError\)"):
        home.chain()()


def test_new_credentials_in_the_files_are_found_within_a_minute(home, clock):
    first, second = canary(), canary()
    home.write("credentials", keys("default", "KEY", first))
    chain = home.chain(clock=clock)
    assert chain().secret_access_key == first
    home.write("credentials", keys("default", "KEY", second))
    assert chain().secret_access_key == first
    clock.now += 61
    assert chain().secret_access_key == second


def test_temporary_credentials_are_asked_for_again_ahead_of_their_end(home, clock):
    asked = []

    def run(command):
        asked.append(clock.now)
        return json.dumps({"AccessKeyId": "T", "SecretAccessKey": canary(), "Expiration": "2027-01-15T09:00:00+00:00"})

    home.write("config", "[default]\ncredential_process = x\n")
    chain = home.chain(run=run, clock=clock)
    for later in (0, 3400, 100):
        clock.now += later
        chain()
    assert len(asked) == 2


def test_a_failing_command_line_is_an_error_of_subprocess():
    from DICOMWebNodesLib.auth.aws_credentials import output_of

    assert output_of([sys.executable, "-c", "print('ok')"]).strip() == "ok"
    with pytest.raises(subprocess.SubprocessError):
        output_of([sys.executable, "-c", "raise SystemExit(1)"])
