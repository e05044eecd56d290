"""The head phantom: a valid CT series of a known geometry."""

from __future__ import annotations

from pathlib import Path
from typing import List

import numpy
import phantom
import pydicom
import pytest
from fakes.origin_server import Archive
from numpy.testing import assert_allclose


def test_it_is_a_series_that_a_strict_server_takes(phantom_series: List[Path]) -> None:
    archive = Archive("")
    archive.add_all(phantom_series)
    assert archive.refused == {}
    assert {study: list(series) for study, series in archive.by_series().items()} == {
        phantom.STUDY_INSTANCE_UID: [phantom.SERIES_INSTANCE_UID]
    }
    assert len(archive.all()) == phantom.SLICES >= 120


def test_its_headers_have_the_geometry_that_it_was_painted_with(phantom_series: List[Path]) -> None:
    headers = sorted((pydicom.dcmread(file) for file in phantom_series), key=lambda one: one.ImagePositionPatient[2])
    positions = numpy.array([one.ImagePositionPatient for one in headers], float)
    heights = phantom.ORIGIN[2] + phantom.SPACING[2] * numpy.arange(phantom.SLICES)
    assert_allclose(positions[:, 2], heights)
    assert_allclose(positions[:, :2], [phantom.ORIGIN[:2]] * phantom.SLICES)
    assert {tuple(one.PixelSpacing) for one in headers} == {(phantom.SPACING[1], phantom.SPACING[0])}
    assert [one.InstanceNumber for one in headers] == list(range(phantom.SLICES, 0, -1))


@pytest.fixture(scope="module")
def volume() -> numpy.ndarray:
    return phantom.hounsfield_units()


def test_its_values_are_what_the_pixels_say(phantom_series: List[Path], volume: numpy.ndarray) -> None:
    one = pydicom.dcmread(phantom_series[70])
    assert_allclose(one.pixel_array * one.RescaleSlope + one.RescaleIntercept, volume[70])


def test_air_is_around_and_the_lesion_is_on_the_left(volume: numpy.ndarray) -> None:
    assert volume[:, 0, :].mean() < -990
    left, right = volume[..., phantom.COLUMNS // 2 :], volume[..., : phantom.COLUMNS // 2]  # x grows to the left
    blood = [int(((part > 55) & (part < 80)).sum()) for part in (left, right)]
    assert blood[0] > 2 * blood[1]


def test_it_is_the_same_each_time(phantom_series: List[Path], tmp_path: Path) -> None:
    again = phantom.write_series(tmp_path)
    assert [file.name for file in again] == [file.name for file in phantom_series]
    assert again[100].read_bytes() == phantom_series[100].read_bytes()
