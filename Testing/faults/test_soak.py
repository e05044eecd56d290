"""A few seconds of what ``soak.py`` does for long; the processes, the server and the books are the same."""

from faults.soak import Load, is_clean, soak


def test_two_processes_into_one_folder_lose_nothing_and_fetch_nothing_twice(tmp_path):
    load = Load(series=6, instances=120, processes=2, share=0.2, size=4000, seed=3)
    account = soak(load, tmp_path)
    assert is_clean(account), account
    assert account["instances"] == 120
    assert account["faults"] > 10
    assert account["runs"] >= 2
