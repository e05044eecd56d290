from __future__ import annotations

import pytest
from DICOMWebNodesLib.errors import InvalidURL
from DICOMWebNodesLib.nodes.url import normalise_base_url, normalise_proxy_url, origin_of
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://localhost:8042/dicom-web", "http://localhost:8042/dicom-web"),
        ("  HTTPS://PACS.Example.ORG/DICOMweb/// ", "https://pacs.example.org/DICOMweb"),
        ("http://host:80/x", "http://host/x"),
        ("https://host:443", "https://host"),
        ("https://host:80/", "https://host:80"),
        ("http://host:/x", "http://host/x"),
        ("http://[::1]:8042/a/", "http://[::1]:8042/a"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://bücher.example/ä b".replace(" ", "%20"), "http://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://host/aets/ARCHIVE:1/rs", "https://host/aets/ARCHIVE:1/rs"),
        ("http://my_pacs/x", "http://my_pacs/x"),
    ],
)
def test_a_base_url_is_normalised(text, url):
    assert normalise_base_url(text) == url


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no URL"),
        (None, "there is no URL"),
        ("   ", "there is no URL"),
        ("not a url", "a space, a backslash or a control character"),
        ("pacs", "'pacs' is not an http or https URL"),
        ("localhost:8042/dicom-web", "'localhost:8042/dicom-web' is not an http or https URL"),
        ("ftp://host/x", "'ftp://host/x' is not an http or https URL"),
        ("http:/host/x", "'http:/host/x' is not an http or https URL"),
        ("file:///etc/passwd", "is not an http or https URL"),
        ("http:///x", "no valid host name"),
        ("http://-host/", "no valid host name"),
        ("http://a..b/", "no valid host name"),
        ("http://host:0/", "the port in 'http://host:0/'"),
        ("http://host:99999/", "not a number from 1 to 65535"),
        ("http://host:port/", "the port in 'http://host:port/'"),
        ("http://host/x?token=abc", "'http://host/x' is followed by a query or a fragment"),
        ("http://host/x#top", "a query or a fragment"),
        ("http://host/?", "a query or a fragment"),
        ("http://host/a/../b", "'.' or '..' in its path"),
        ("http://host/%zz", "a '%' without two hexadecimal digits"),
        ("http://host/a\r\nb", "a space, a backslash or a control character"),
        ("http://host\\path", "a backslash"),
        ("http://host/" + "x" * 2000, "more than 2000"),
    ],
)
def test_what_cannot_be_a_base_url_is_refused_with_the_reason_and_a_remedy(text, message):
    with pytest.raises(InvalidURL) as caught:
        normalise_base_url(text)
    assert message in caught.value.cause
    assert caught.value.next_step
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "text",
    [
        "https://ada:hunter2@host/dicom-web",
        "https://hunter2@host/dicom-web",
        "https://ada:hunter2/x@host/dicom-web",
        "ada:hunter2@host/dicom-web",
        "https://host/x?password=hunter2",
        "https://host/x#hunter2",
    ],
)
def test_no_message_quotes_a_secret_in_a_url(text):
    with pytest.raises(InvalidURL) as caught:
        normalise_base_url(text)
    assert "hunter2" not in str(caught.value)


def test_credentials_in_a_url_are_refused_with_the_reason():
    with pytest.raises(InvalidURL, match=r"a URL is shown, logged and shared.*choose an authentication"):
        normalise_base_url("https://ada:pw@host/dicom-web")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Host/a/b?c=d", "https://host:443"),
        ("http://host", "http://host:80"),
        ("http://[::1]:8042/x", "http://[::1]:8042"),
        ("http://host:8042/x#y", "http://host:8042"),
    ],
)
def test_the_origin_has_an_explicit_port(url, origin):
    assert origin_of(url) == origin


def test_a_proxy_is_host_and_port():
    assert normalise_proxy_url("http://Proxy:3128/") == "http://proxy:3128"


def test_the_password_of_a_proxy_is_told_its_place():
    with pytest.raises(InvalidURL, match="in the environment, as HTTPS_PROXY=") as caught:
        normalise_proxy_url("http://ada:hunter2@proxy:3128")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("text", ["http://proxy:3128/path", "socks5://proxy:1080", "http://ada:pw@proxy:3128"])
def test_a_proxy_with_more_than_that_is_refused_for_its_field(text):
    with pytest.raises(InvalidURL) as caught:
        normalise_proxy_url(text)
    assert caught.value.field == "proxy"
    assert "pw" not in str(caught.value)


urls = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", ""]),
    st.text(max_size=12),
    st.sampled_from(["", ":", ":80", ":443", ":8042", ":x"]),
    st.text(max_size=12),
)


@given(st.one_of(st.text(), urls))
@example("http://h\ud800/")
@example("http://h/\ud800")
@example("http://\u2100/")
@example("http://[v1.x]/")
@example("http://" + "a" * 64 + "/")
def test_whatever_is_accepted_is_ascii_and_stays_as_it_is_when_normalised_again(text):
    try:
        url = normalise_base_url(text)
    except InvalidURL:
        return
    assert url.isascii()
    assert normalise_base_url(url) == url
    assert origin_of(url).startswith(url.split("://")[0])


def test_an_address_without_an_end_is_quoted_as_far_as_a_message_goes():
    with pytest.raises(InvalidURL, match=r"^'ftp://a/x{400,}…' is not") as caught:
        origin_of("ftp://a/" + "x" * 100_000)
    assert len(str(caught.value)) < 700
