"""The file of methods: nothing secret in it, nothing lost from it."""

import json
from dataclasses import replace

import pytest
from DICOMWebNodesLib.auth.document import Document, Entry, format_document, method_to_json, parse_document
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.method_store import AuthMethodStore
from DICOMWebNodesLib.auth.provider import AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant
from DICOMWebNodesLib.errors import AuthMethodInUse, AuthMethodNotFound, InvalidAuthMethod
from DICOMWebNodesLib.nodes.node import Node

FULL = AuthMethod(
    "Keycloak",
    Kind.OAUTH2,
    uid="full",
    provider=AuthProvider(
        name="Keycloak",
        issuer="http://kc.example.org/realms/x",
        authorization_endpoint="https://kc.example.org/a",
        token_endpoint="https://kc.example.org/t",
        device_authorization_endpoint="https://kc.example.org/d",
        revocation_endpoint="https://kc.example.org/r",
        openid=True,
        iss_in_response=True,
        allow_plain_http=True,
        ca_file="/ca.pem",
    ),
    registration=AuthRegistration(
        "slicer",
        grant=Grant.DEVICE_CODE,
        token_endpoint_auth_method=ClientAuthentication.CLIENT_SECRET_POST,
        scope="openid dicom",
        audience="dicom",
        redirect_host="localhost",
        redirect_port=8765,
        redirect_path="/cb",
        authorization_parameters=(("prompt", "consent"), ("access_type", "offline")),
    ),
)
BASIC = AuthMethod("Lab password", Kind.BASIC, uid="basic", settings=(("user_name", "ada"),))


@pytest.fixture
def store(tmp_path):
    return AuthMethodStore(tmp_path / "auth.json")


def test_a_method_with_everything_survives_the_round_trip():
    document = Document((Entry(FULL), Entry(BASIC)))
    assert [entry.method for entry in parse_document(format_document(document)).entries] == [FULL, BASIC]


def test_every_field_is_written_so_that_the_round_trip_proves_something():
    written = method_to_json(FULL)
    assert set(written["provider"]) == set(vars(FULL.provider))
    assert set(written["registration"]) == set(vars(FULL.registration))


def test_what_says_nothing_is_not_written():
    method = replace(FULL, provider=AuthProvider(issuer="https://a.example.org"), registration=AuthRegistration("c"))
    assert method_to_json(method) == {
        "uid": "full",
        "name": "Keycloak",
        "kind": "oauth2",
        "provider": {"issuer": "https://a.example.org"},
        "registration": {"client_id": "c"},
    }


def test_methods_are_kept_in_their_order(store):
    store.add(FULL)
    store.add(BASIC)
    assert AuthMethodStore(store.path).methods() == (FULL, BASIC)


@pytest.mark.parametrize("name", ["full", "Keycloak", "keycloak", " KEYCLOAK "])
def test_a_method_is_found_by_uid_or_name(store, name):
    store.add(FULL)
    assert store.get(name) == FULL


def test_a_method_that_is_not_there_is_told(store):
    with pytest.raises(AuthMethodNotFound, match=r"no authentication method 'x'.*'auth list'"):
        store.get("x")
    store.add(FULL)
    with pytest.raises(AuthMethodNotFound, match=f"Choose one of '{FULL.name}'"):
        store.get("x")


def test_two_methods_of_one_name_cannot_be_told_apart(store):
    store.add(FULL)
    with pytest.raises(InvalidAuthMethod, match="there is a method named 'Keycloak' already") as raised:
        store.add(replace(BASIC, name="KEYCLOAK"))
    assert raised.value.field == "name"
    with pytest.raises(InvalidAuthMethod, match="with the uid 'full' already"):
        store.add(replace(BASIC, uid="full"))


def test_an_edited_method_keeps_its_uid(store):
    store.add(FULL)
    store.add(BASIC)
    changed = store.update("Lab password", lambda method: replace(method, name="Password", uid="other"))
    assert changed == replace(BASIC, name="Password")
    assert store.methods() == (FULL, changed)
    with pytest.raises(InvalidAuthMethod, match="there is a method named 'Keycloak' already"):
        store.update("Password", lambda method: replace(method, name="Keycloak"))


def test_a_method_that_nodes_use_is_not_removed(store):
    store.add(BASIC)
    nodes = [Node("Lab", "http://localhost", authentication="basic"), Node("Other", "http://localhost")]
    with pytest.raises(AuthMethodInUse, match=r"is the authentication of 'Lab'\. Give these nodes another"):
        store.remove("basic", nodes)
    assert store.remove("basic", nodes[1:]) == BASIC
    assert store.methods() == ()


def test_what_a_newer_version_wrote_is_carried_along(store):
    newer = {
        "format": "DICOMWebNodes authentication",
        "version": 2,
        "colour": "blue",
        "methods": [
            {**method_to_json(BASIC), "icon": "lock"},
            {"uid": "k", "name": "Kerberos", "kind": "kerberos", "ticket": "x"},
            {**method_to_json(FULL), "provider": {**method_to_json(FULL)["provider"], "jwks_uri": "https://a"}},
        ],
    }
    store.path.write_text(json.dumps(newer))
    assert store.methods() == (BASIC, FULL)
    ((name, reason),) = store.unusable()
    assert name == "Kerberos"
    assert "'kerberos'" in reason
    store.update("basic", lambda method: replace(method, name="Renamed"))
    after = json.loads(store.path.read_text())
    newer["methods"][0]["name"] = "Renamed"
    assert after == newer


def test_a_damaged_file_is_set_aside(store):
    store.path.write_bytes(b"{")
    assert store.methods() == ()
    assert store.set_aside.path.read_bytes() == b"{"
    assert "The file of authentication methods was damaged" in str(store.set_aside)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "x",
        {},
        {"uid": "u", "name": "n", "kind": "oauth2"},
        {"uid": "u", "name": "n", "kind": "oauth2", "provider": [], "registration": {}},
        {"uid": "u", "name": "n", "kind": "oauth2", "provider": {}, "registration": {"client_id": 1}},
        {"uid": "u", "name": "n", "kind": "basic", "settings": []},
        {"uid": "u", "name": "n", "kind": ["basic"]},
        {"uid": 1, "name": "n", "kind": "basic", "settings": {"user_name": "x"}},
    ],
)
def test_an_entry_that_is_no_method_is_left_alone_with_a_reason(store, raw):
    content = {"format": "DICOMWebNodes authentication", "version": 1, "methods": [raw, method_to_json(BASIC)]}
    store.path.write_text(json.dumps(content))
    assert store.methods() == (BASIC,)
    ((_, reason),) = store.unusable()
    assert reason
    store.remove("basic", ())
    assert json.loads(store.path.read_text())["methods"] == [raw]
