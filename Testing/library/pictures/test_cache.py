"""Previews on disk: bounded, private, shared by processes, and never a reason to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.wado_rs import Image
from DICOMWebNodesLib.errors import NoPicture
from DICOMWebNodesLib.nodes.node import TLS, Node
from DICOMWebNodesLib.pictures.cache import PreviewCache
from DICOMWebNodesLib.text import Text, translated

LIBRARY = Path(__file__).resolve().parents[3] / "DICOMWebNodes"
NODE = Node("Lab", "https://pacs.example.org/rs")
SERIES = Resource("1.2", "1.2.3")
PICTURE = Image("image/png", b"\x89PNG\nand so on")


def series(number):
    return Resource("1.2", f"1.2.{number}")


def test_what_was_put_is_got(tmp_path):
    PreviewCache(tmp_path).put(NODE, SERIES, PICTURE)
    assert PreviewCache(tmp_path).get(NODE, SERIES) == PICTURE


def test_what_is_no_picture_is_remembered_too(tmp_path):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, NoPicture("it is a structured report, not an image", modality="SR"))
    kept = cache.get(NODE, SERIES)
    assert (kept.cause, kept.modality) == ("it is a structured report, not an image", "SR")


def test_what_is_remembered_can_still_be_translated(tmp_path):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, NoPicture(Text("it is {what}, not an image", what=Text("a plan"))))
    german = {"it is {what}, not an image": "es ist {what}, kein Bild", "a plan": "ein Plan"}
    assert translated(cache.get(NODE, SERIES).cause, german.get) == "es ist ein Plan, kein Bild"


@pytest.mark.parametrize(
    "other",
    [
        replace(NODE, url="https://pacs.example.org/other"),
        replace(NODE, authentication="somebody-else"),
        replace(NODE, headers=(("X-Role", "other"),)),
        replace(NODE, secret_headers=("X-Api-Key",)),
        replace(NODE, tls=TLS(client_certificate="/other.pem")),
    ],
    ids=["server", "method", "header", "secret header", "certificate"],
)
def test_another_server_or_another_sign_in_shares_nothing(tmp_path, other):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, PICTURE)
    assert cache.get(other, SERIES) is None


def test_names_tell_nothing_and_files_are_private(tmp_path):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, PICTURE)
    (file,) = cache.folder.iterdir()
    assert "1.2" not in file.name
    assert "pacs" not in file.name
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o77 == 0
        assert cache.folder.stat().st_mode & 0o77 == 0


def test_it_never_grows_beyond_its_limit_and_the_least_recently_used_go_first(tmp_path):
    cache = PreviewCache(tmp_path, limit=100_000)
    for number in range(1, 200):
        cache.put(NODE, series(number), Image("image/png", bytes(2000)))
        for path in cache.folder.iterdir():  # a file system may not tell apart what was written within a tick
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 1_000_000_000))
        assert cache.get(NODE, series(1)) is not None
        assert cache.size() <= 110_000
    assert cache.get(NODE, series(199)) is not None
    assert cache.get(NODE, series(2)) is None


def test_what_is_too_large_is_not_kept(tmp_path):
    cache = PreviewCache(tmp_path, limit=100_000)
    cache.put(NODE, SERIES, Image("image/jpeg", bytes(60_000)))
    assert cache.get(NODE, SERIES) is None


def test_it_can_be_emptied(tmp_path):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, PICTURE)
    (cache.folder / "x.preview.0123.part").write_bytes(b"left by a process that died")
    (cache.folder / "notes.txt").write_text("somebody else's")
    cache.clear()
    assert [path.name for path in cache.folder.iterdir()] == ["notes.txt"]
    assert cache.size() == 0


@pytest.mark.parametrize("content", [b"", b"no line end", b"none\nnot JSON", b"none\n[]"])
def test_a_damaged_entry_is_none(tmp_path, content):
    cache = PreviewCache(tmp_path)
    cache.put(NODE, SERIES, PICTURE)
    next(cache.folder.iterdir()).write_bytes(content)
    assert cache.get(NODE, SERIES) is None


def test_where_nothing_can_be_written_nothing_fails(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = PreviewCache(tmp_path / "file")
    cache.put(NODE, SERIES, PICTURE)
    assert cache.get(NODE, SERIES) is None
    cache.clear()


_WRITER = """
import sys
from pathlib import Path
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.wado_rs import Image
from DICOMWebNodesLib.nodes.node import TLS, Node
from DICOMWebNodesLib.pictures.cache import PreviewCache
from DICOMWebNodesLib.text import Text, translated
cache = PreviewCache(Path(sys.argv[1]), limit=100_000)
node = Node("Lab", "https://pacs.example.org/rs")
for number in range(1, 400):
    series = Resource("1.2", f"1.2.{number}")
    kept = cache.get(node, series)
    assert kept is None or kept.content == bytes([number % 256]) * 2000, number
    cache.put(node, series, Image("image/png", bytes([number % 256]) * 2000))
"""


def test_several_processes_use_it_at_the_same_time(tmp_path):
    """Each reads only whole pictures, and together they keep to the limit."""
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, cwd=LIBRARY, stderr=subprocess.PIPE) for _ in range(3)]
    for writer in writers:
        assert writer.communicate(timeout=60)[1] == b""
        assert writer.returncode == 0
    assert 0 < PreviewCache(tmp_path).size() <= 100_000 + 3 * 100_000 // 16 + 3 * 2_100
