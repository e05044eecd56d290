import base64
from urllib.parse import quote

import pytest
from DICOMWebNodesLib.auth.redaction import MASK, redacted
from hypothesis import given
from hypothesis import strategies as st


def test_a_secret_is_masked_wherever_it_stands():
    assert redacted("token 'abcd-1234' (abcd-1234) is wrong", ["abcd-1234"]) == f"token '{MASK}' ({MASK}) is wrong"


def test_a_percent_encoded_secret_and_one_in_base64_are_masked_too():
    secret = "a/b+c d=ef"
    text = f"{quote(secret, safe='')} {base64.b64encode(secret.encode()).decode()}"
    assert redacted(text, [secret]) == f"{MASK} {MASK}"


def test_of_two_secrets_the_longer_is_masked_whole():
    assert redacted("abcdefgh", ["abcd", "abcdefgh"]) == MASK


def test_what_is_too_short_to_be_a_secret_does_not_tear_holes():
    assert redacted("an ordinary sentence", ["", "an"]) == "an ordinary sentence"


@pytest.mark.parametrize(
    "token",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl",
        "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0NzExIn0.",
    ],
)
def test_a_jwt_is_masked_whoever_made_it(token):
    assert redacted(f'{{"token": "{token}"}} is not valid') == f'{{"token": "{MASK}"}} is not valid'


def test_what_only_looks_like_the_beginning_of_one_stays():
    assert redacted("eyJ is how many tokens begin. eyJective") == "eyJ is how many tokens begin. eyJective"


@given(st.text(), st.lists(st.text(min_size=4)))
def test_nothing_that_is_secret_is_left(text, secrets):
    cut = redacted(text + "".join(secrets), secrets)
    assert not [secret for secret in secrets if secret in cut.replace(MASK, "\0") and set(secret) != {"*"}]
