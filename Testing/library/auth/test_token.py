import json

import pytest
from canary import canary
from DICOMWebNodesLib.auth.token import Token


def token(**fields):
    return Token(**{"access_token": canary("access"), "obtained_at": 1000.0, **fields})


@pytest.mark.parametrize(
    ("lifetime", "age", "due"),
    [(3600, 3569, False), (3600, 3570, True), (5, 3.7, False), (5, 3.75, True), (60, 44, False), (60, 45, True)],
)
def test_a_token_is_renewed_ahead_of_its_end_but_not_in_its_youth(lifetime, age, due):
    assert token(lifetime=lifetime).is_due(1000.0 + age) is due


def test_a_token_expires_when_its_lifetime_is_over():
    assert not token(lifetime=60.0).is_expired(1059.9)
    assert token(lifetime=60.0).is_expired(1060.0)


def test_a_token_of_unknown_lifetime_is_used_until_it_is_refused():
    assert not token().is_due(1e12)
    assert not token().is_expired(1e12)


def test_a_clock_that_was_set_back_makes_a_token_due():
    assert token(lifetime=3600.0).is_due(0.0)


def test_a_token_survives_the_store():
    kept = token(lifetime=60.0, refresh_token=canary("refresh"), scope="openid", account="ada")
    assert Token.from_json(kept.to_json()) == kept


def test_the_id_token_is_not_stored():
    assert "id_token" not in json.loads(token(id_token=canary("id")).to_json())


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", '{"access_token": "x"}', '{"unknown": 1}', "1"])
def test_a_damaged_entry_of_the_store_is_no_token(damaged):
    assert Token.from_json(damaged) is None


def test_its_repr_shows_no_secret():
    shown = repr(token(refresh_token=canary("refresh"), id_token=canary("id")))
    assert "Canary" not in shown
