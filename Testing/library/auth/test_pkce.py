from DICOMWebNodesLib.auth.pkce import base64url, random_token, s256_challenge


def test_the_challenge_is_that_of_rfc_7636_appendix_b():
    assert (
        s256_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_the_verifier_of_rfc_7636_appendix_b_comes_from_its_32_bytes():
    octets = bytes.fromhex("7418dfb49799e0254ffa607dd8adbbba16d4254d69d6bff05b58055853848d79")
    assert random_token(lambda size: octets[:size]) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def test_base64url_has_neither_padding_nor_characters_that_need_an_escape():
    assert base64url(b"\xfb\xff\xfe\x00") == "-__-AA"
