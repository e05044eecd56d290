from __future__ import annotations

import os

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.wado_rs import Image
from DICOMWebNodesLib.errors import NoPicture, NotFound
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.pictures.cache import PreviewCache
from DICOMWebNodesLib.storage.folders import cache_folder

HOST = "https://pacs.example.org/rs"


def test_a_thumbnail_is_written_as_the_server_sent_it(cli, tmp_path):
    asked = []

    def thumbnail(node, resource):
        asked.append((node, resource))
        return Image("image/jpeg", b"\xff\xd8 picture")

    path = tmp_path / "new folder" / "series.jpg"
    outcome = cli("thumbnail", HOST, "1.2/3.4", "--output", str(path), thumbnail=thumbnail)
    assert outcome.out == f"{path}: image/jpeg, 10 bytes\n"
    assert path.read_bytes() == b"\xff\xd8 picture"
    assert asked == [(HOST, Resource("1.2", "3.4"))]


def test_without_a_picture_there_is_no_file(cli, tmp_path, raising):
    missing = NotFound("it has no picture", status=404, node=HOST, asked="show series 3.4")
    outcome = cli("thumbnail", HOST, "1.2/3.4", "--output", str(tmp_path / "x.jpg"), thumbnail=raising(missing))
    assert outcome.code == 6
    assert "could not show series 3.4: it has no picture" in outcome.err
    assert set(os.listdir(tmp_path)) <= {"settings"}


@pytest.mark.parametrize("resource", ["", "x", "1.2/3/4/5"])
def test_a_wrong_resource_is_refused(cli, tmp_path, resource):
    assert cli("thumbnail", HOST, resource, "--output", str(tmp_path / "x.jpg")).code == 2


def test_a_picture_that_cannot_be_written_is_an_error(cli, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    picture = Image("image/png", b"x")
    outcome = cli("thumbnail", HOST, "1.2", "--output", str(tmp_path / "file" / "x.png"), thumbnail=lambda *_: picture)
    assert outcome.code == 1
    assert "cannot write" in outcome.err


def test_what_is_no_picture_is_said_with_what_would_help(cli, tmp_path, raising):
    error = NoPicture("its pixels are compressed with JPEG-LS", modality="MR", next_step="Install pylibjpeg.")
    outcome = cli("thumbnail", HOST, "1.2/3.4", "--output", str(tmp_path / "x.png"), thumbnail=raising(error))
    assert outcome.code == 6
    assert "its pixels are compressed with JPEG-LS. Install pylibjpeg." in outcome.err


def test_the_cache_is_shown_and_emptied(cli):
    cache = PreviewCache(cache_folder(cli.environ))
    cache.put(Node("Lab", HOST), Resource("1.2"), Image("image/png", bytes(1000)))
    assert cli("cache").out.startswith(f"{cache.folder}: 1")
    assert cli("cache", "--clear").out.endswith(", forgotten\n")
    assert cli("cache").out == f"{cache.folder}: 0 bytes\n"
