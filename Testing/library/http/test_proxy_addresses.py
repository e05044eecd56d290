"""Proxies that the environment names: what is no address is told as that."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.errors import InvalidURL
from DICOMWebNodesLib.proxy import proxies_for

URL = "http://pacs.example.org/dicom-web"


@pytest.mark.parametrize(
    "address",
    ["proxy:8080", "http://proxy:8080/", "http://ada:secret@proxy:8080", "https://proxy", "http://[::1]:8080"],
)
def test_an_address_of_a_proxy_is_taken_as_it_is_written(address, monkeypatch):
    monkeypatch.setenv("http_proxy", address)
    assert "proxy" in proxies_for(URL).addresses["http"] or "[::1]" in proxies_for(URL).addresses["http"]


@pytest.mark.parametrize(
    "address",
    [
        "proxy:8080:80",
        "http://ada:secret@proxy:8080:",
        "http://proxy:80 80",
        "proxy:99999",
        "http://",
        "http://[::1",
        "socks5://proxy:1080",
    ],
)
def test_what_is_no_address_is_told_with_the_name_of_its_variable(address, monkeypatch):
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(InvalidURL) as refused:
        proxies_for(URL)
    assert "HTTP_PROXY" in refused.value.next_step
    assert "secret" not in str(refused.value)


def test_what_is_not_asked_for_does_not_matter(monkeypatch):
    monkeypatch.setenv("http_proxy", "proxy:8080:80")
    monkeypatch.setenv("no_proxy", "pacs.example.org")
    proxies_for(URL)
    monkeypatch.delenv("no_proxy")
    proxies_for("https://pacs.example.org")
    proxies_for(URL, "http://own:8080")
