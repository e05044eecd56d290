"""A few seconds of what ``soak.py`` does for long; the processes, the server and the books are the same."""

import pytest
from faults.soak import Load, is_clean, soak


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    load = Load(series=6, instances=120, processes=2, share=0.2, size=4000, seed=3)
    return soak(load, tmp_path_factory.mktemp("soak"))


def test_two_processes_into_one_folder_lose_nothing_and_fetch_nothing_twice(account):
    assert is_clean(account), account


def test_faults_happened_and_every_one_was_made_good(account):
    assert account["faults"] > 10
    assert account["instances"] == 120
    assert account["runs"] >= 2
