"""Frames, rendered images and thumbnails of the origin server, and WADO-URI."""

from __future__ import annotations

import io
from typing import Dict
from urllib.parse import urlencode

import pydicom
import pytest
from fakes.origin_server import OriginServer
from fakes.origin_server.archive import Instance
from fakes.raw_client import ask
from PIL import Image


def test_frames_are_cut_from_the_pixels_in_the_order_that_was_asked(instances: Dict[str, Instance]) -> None:
    instance = instances["rtdose_rle.dcm"]
    expected = pydicom.dcmread(instance.path).pixel_array
    answer = ask(f"{instance.url}/frames/3,1", 'multipart/related; type="application/octet-stream"')
    assert list(answer.parts) == [f"{instance.url}/frames/3", f"{instance.url}/frames/1"]
    assert list(answer.parts.values()) == [expected[2].tobytes(), expected[0].tobytes()]


def test_compressed_frames_come_in_their_own_media_type(instances: Dict[str, Instance]) -> None:
    instance = instances["SC_rgb_jpeg.dcm"]
    url = f"{instance.url}/frames/1"
    assert ask(url, "application/octet-stream").status == 406
    answer = ask(url, "image/jpeg; transfer-syntax=*")
    assert answer.headers["Content-Type"] == "image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50"
    assert Image.open(io.BytesIO(answer.content)).size == (256, 256)
    assert ask(url, "image/jpeg").status == 406  # without a transfer syntax lossless JPEG is meant


@pytest.mark.parametrize(
    ("frames", "status"), [("0", 400), ("1,,2", 400), ("a", 400), ("16", 404), ("1,16", 404), ("15", 200)]
)
def test_frame_numbers_start_at_one_and_end_with_the_last(
    instances: Dict[str, Instance], frames: str, status: int
) -> None:
    assert ask(f"{instances['rtdose_rle.dcm'].url}/frames/{frames}", "application/octet-stream").status == status


def test_an_instance_without_pixels_has_neither_frames_nor_rendering(instances: Dict[str, Instance]) -> None:
    url = instances["reportsi.dcm"].url
    assert ask(f"{url}/frames/1", "*/*").status == 404
    assert ask(f"{url}/rendered", "image/jpeg").status == 406
    assert ask(f"{url}/thumbnail", "image/jpeg").status == 404


def test_rendered_images_have_the_window_and_fit_the_viewport(instances: Dict[str, Instance]) -> None:
    url = f"{instances['CT_small.dcm'].url}/rendered"
    whole = Image.open(io.BytesIO(ask(url, "image/png").content))
    assert (whole.format, whole.size) == ("PNG", (128, 128))
    assert Image.open(io.BytesIO(ask(f"{url}?viewport=64,32", "image/jpeg").content)).size == (32, 32)
    white = Image.open(io.BytesIO(ask(f"{url}?window=-5000,10,linear", "image/png").content))
    assert white.getextrema() == (255, 255)


@pytest.mark.parametrize(
    "query", ["viewport=0,10", "viewport=10", "window=1,0,linear", "window=1,2", "quality=101", "zoom=2"]
)
def test_rendering_parameters_are_read_to_the_letter(instances: Dict[str, Instance], query: str) -> None:
    assert ask(f"{instances['CT_small.dcm'].url}/rendered?{query}", "image/jpeg").status == 400


def test_several_frames_are_an_animation_and_one_of_them_is_an_image(instances: Dict[str, Instance]) -> None:
    url = instances["rtdose_rle.dcm"].url
    assert ask(f"{url}/rendered", "image/jpeg").status == 406
    assert Image.open(io.BytesIO(ask(f"{url}/rendered", "image/gif").content)).n_frames > 1
    assert ask(f"{url}/frames/3/rendered", "image/jpeg").content_type == "image/jpeg"


def test_every_level_has_a_thumbnail(server: OriginServer, instances: Dict[str, Instance]) -> None:
    one = instances["CT_small.dcm"]
    study = f"{server.url}/studies/{one.study_instance_uid}"
    for url in (study, f"{study}/series/{one.series_instance_uid}", one.url):
        answer = ask(f"{url}/thumbnail?viewport=50,50", "image/jpeg")
        assert Image.open(io.BytesIO(answer.content)).size == (50, 50)
    assert ask(f"{study}/thumbnail?window=1,2,linear", "image/jpeg").status == 400


def wado_uri(server: OriginServer, instance: Instance, **changes: str) -> str:
    parameters = {
        "requestType": "WADO",
        "studyUID": instance.study_instance_uid,
        "seriesUID": instance.series_instance_uid,
        "objectUID": instance.sop_instance_uid,
        "contentType": "application/dicom",
        "transferSyntax": "*",
    }
    return f"{server.wado_uri_url}?{urlencode({**parameters, **changes})}"


def test_wado_uri_gives_the_file_or_an_image(server: OriginServer, instances: Dict[str, Instance]) -> None:
    instance = instances["MR_small.dcm"]
    as_stored = ask(wado_uri(server, instance))
    assert (as_stored.content_type, as_stored.content) == ("application/dicom", instance.path.read_bytes())
    parameters = wado_uri(server, instance).partition("&contentType")[0]
    assert ask(parameters).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"requestType": "wado"}, 400),
        ({"studyUID": ""}, 400),
        ({"studyUID": "not-a-uid"}, 400),
        ({"objectUID": "1.2.3"}, 404),
        ({"contentType": "text/html"}, 406),
        ({"transferSyntax": "1.2.840.10008.1.2"}, 406),
        ({"frameNumber": "1"}, 400),
        ({"patientID": "1"}, 400),
    ],
)
def test_wado_uri_is_strict_about_its_parameters(
    server: OriginServer, instances: Dict[str, Instance], changes: Dict[str, str], status: int
) -> None:
    assert ask(wado_uri(server, instances["CT_small.dcm"], **changes)).status == status
