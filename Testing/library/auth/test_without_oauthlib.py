"""oauthlib is for OAuth only, keyring for whoever has it: without them everything else works."""

import os
import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[3] / "DICOMWebNodes"
BASIC = """
import sys
sys.modules.update(dict.fromkeys(("oauthlib", "keyring", "cryptography", "botocore", "google"), None))
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.nodes.node import Node
from requests import PreparedRequest

authentication = Authentication()
"""
SIGN = """
filled = template("basic").fill({"user_name": "Aladdin", "password": "open sesame"})
authentication.add(filled.method, filled.secret)
request = PreparedRequest()
node = Node("Lab", "http://localhost", authentication=filled.method.uid)
request.prepare("GET", node.url, auth=authentication.credential_for(node))
print(request.headers["Authorization"], authentication.secrets.place)
"""
SIGN_IN = """
endpoints = dict.fromkeys(("authorization_endpoint", "token_endpoint"), "https://login.example.org")
filled = template("oauth2").fill({**endpoints, "client_id": "c"})
authentication.add(filled.method)
try:
    authentication.sign_in(filled.method.name).wait(10)
except Exception as error:
    print(error.code, error)
"""
ASK = """
from DICOMWebNodesLib.errors import PackageMissing
endpoints = dict.fromkeys(("authorization_endpoint", "token_endpoint"), "https://login.example.org")
answers = {**endpoints, "client_id": "c", "client_secret": "s", "grant": "client_credentials"}
for filled in (template("oauth2").fill(answers), template("google-application-default").fill({})):
    authentication.add(filled.method, filled.secret)
    try:
        authentication.credential_for(Node("Lab", "http://localhost", authentication=filled.method.uid))
    except PackageMissing as error:
        print(error.node, error.code)
filled = template("google-application-default").fill({"source": "gcloud"}, name="gcloud")
authentication.add(filled.method)
print(authentication.credential_for(Node("Lab", "http://localhost", authentication=filled.method.uid)))
"""
LISTED = """
import sys
from DICOMWebNodesLib.auth.authentication import Authentication
heavy = {"oauthlib", "keyring", "cryptography", "botocore", "google", "pydicom", "numpy"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def run(tmp_path, program):
    environment = {**os.environ, "DICOMWEBNODES_HOME": str(tmp_path), "PYTHONPATH": str(LIBRARY)}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert not ended.stderr
    return ended.stdout


def test_a_node_with_a_password_needs_none_of_them(tmp_path):
    expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== memory, until this program ends\n"
    assert run(tmp_path, BASIC + SIGN) == expected


def test_whoever_wants_oauth_is_told_what_to_install(tmp_path):
    told = run(tmp_path, BASIC + SIGN_IN)
    assert told.startswith("package-missing ")
    assert "oauthlib, which is not installed. Install it with 'python -m pip install oauthlib'" in told


def test_a_node_that_needs_it_says_so_before_anything_is_sent(tmp_path):
    assert run(tmp_path, BASIC + ASK).splitlines() == ["Lab package-missing"] * 2 + ["NodeCredential(...)"]


def test_nothing_is_imported_before_it_is_used(tmp_path):
    assert run(tmp_path, LISTED) == "[]\n"
