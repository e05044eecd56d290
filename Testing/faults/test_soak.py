"""A few seconds of what ``soak.py`` does for long; the processes, the server and the books are the same."""

from faults.soak import MOST_MEMORY_MB, Load, is_clean, soak


def test_two_processes_into_one_folder_lose_nothing_and_fetch_nothing_twice(tmp_path):
    load = Load(series=6, instances=120, processes=2, share=0.2, size=4000, seed=3)
    account = soak(load, tmp_path)
    assert is_clean(account), account
    assert account["instances"] == 120
    assert account["faults"] > 10
    assert account["runs"] >= 2


def test_an_instance_that_is_larger_than_all_the_memory_it_may_take_arrives(tmp_path):
    load = Load(series=1, instances=1, processes=1, share=0, size=MOST_MEMORY_MB << 20)
    account = soak(load, tmp_path)
    assert is_clean(account), account
