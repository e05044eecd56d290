from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from DICOMWebNodesLib.errors import StoreUnavailable
from DICOMWebNodesLib.storage.file_lock import FileLock
from DICOMWebNodesLib.storage.files import read_settings, set_aside, write_atomically
from DICOMWebNodesLib.storage.folders import settings_folder

posix = pytest.mark.skipif(os.name != "posix", reason="modes and limits of POSIX; run it on Linux or macOS")


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"DICOMWEBNODES_HOME": "/elsewhere", "XDG_CONFIG_HOME": "/xdg"}, "/elsewhere"),
        ("linux", {"XDG_CONFIG_HOME": "/xdg", "HOME": "/home/ada"}, "/xdg/DICOMWebNodes"),
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.config/DICOMWebNodes"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/DICOMWebNodes"),
        ("win32", {"APPDATA": "/roaming", "USERPROFILE": "/ada"}, "/roaming/DICOMWebNodes"),
        ("win32", {"USERPROFILE": "/ada"}, "/ada/AppData/Roaming/DICOMWebNodes"),
    ],
)
def test_settings_are_where_the_platform_wants_them(platform, environ, folder):
    assert settings_folder(environ, platform) == Path(folder)


def test_a_file_that_is_not_there_reads_as_none(tmp_path):
    assert read_settings(tmp_path / "nothing.json") is None


def test_a_write_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new" / "folder" / "settings.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["settings.json"]


@posix
def test_settings_are_for_their_user_only(tmp_path):
    path = tmp_path / "folder" / "settings.json"
    write_atomically(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@posix
def test_a_symbolic_link_stays_one_and_its_target_is_replaced(tmp_path):
    target = tmp_path / "dotfiles" / "nodes.json"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "nodes.json"
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_write_that_cannot_take_place_says_where_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(StoreUnavailable, match=r"cannot write .*settings\.json"):
        write_atomically(tmp_path / "settings.json", b"content")
    assert os.listdir(tmp_path) == ["settings.json"]


def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="cannot write"):
        write_atomically(tmp_path / "file" / "settings.json", b"content")
    with pytest.raises(StoreUnavailable, match="cannot lock"), FileLock(tmp_path / "file" / "lock"):
        pass


@posix
def test_a_write_that_breaks_off_in_the_middle_leaves_the_old_content(tmp_path):
    path = tmp_path / "settings.json"
    write_atomically(path, b"old")
    program = (
        "import resource, sys, pathlib\n"
        "from DICOMWebNodesLib.storage.files import write_atomically\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"  # the system stops the write after 1000 bytes
        "write_atomically(pathlib.Path(sys.argv[1]), b'x' * 5000)\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=_environment(), check=False
    )
    assert "StoreUnavailable: cannot write" in child.stderr
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["settings.json"]


def test_a_damaged_file_gets_a_name_that_nothing_had(tmp_path):
    names = []
    for content in (b"first", b"second", b"third"):
        path = tmp_path / "nodes.json"
        path.write_bytes(content)
        aside = set_aside(path, clock=lambda: 1769903999.0)
        names.append(aside.name)
        assert not path.exists()
        assert aside.read_bytes() == content
    assert names == [f"nodes.json.damaged-20260131T235959Z{suffix}" for suffix in ("", "-2", "-3")]


def test_setting_aside_what_is_not_there_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot set aside"):
        set_aside(tmp_path / "nodes.json")
    assert os.listdir(tmp_path) == []


def test_a_lock_that_somebody_holds_times_out_with_the_path(tmp_path):
    path = tmp_path / "lock"
    with FileLock(path), pytest.raises(StoreUnavailable, match=r"another program has held .*lock for 0 s"):
        FileLock(path, timeout=0).__enter__()


def test_a_lock_is_free_again_after_an_error_inside(tmp_path):
    lock = FileLock(tmp_path / "lock", timeout=0)
    with pytest.raises(KeyError), lock:
        raise KeyError
    with lock, pytest.raises(StoreUnavailable):
        lock.__enter__()


@pytest.mark.parametrize("shared", [True, False], ids=["one lock object", "a lock object each"])
def test_threads_take_turns(tmp_path, shared):
    counter = tmp_path / "counter"
    counter.write_text("0")
    lock = FileLock(tmp_path / "lock")

    def count() -> None:
        for _ in range(50):
            with lock if shared else FileLock(tmp_path / "lock"):
                counter.write_text(str(int(counter.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.read_text() == "200"


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path):
    path = tmp_path / "lock"
    program = (
        "import sys, pathlib\n"
        "from DICOMWebNodesLib.storage.file_lock import FileLock\n"
        "with FileLock(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
    ) as child:
        try:
            assert child.stdout.readline().strip() == b"held"
            with pytest.raises(StoreUnavailable):
                FileLock(path, timeout=0).__enter__()
        finally:
            child.kill()
            child.wait()
    with FileLock(path, timeout=10):
        pass


def _environment():
    import DICOMWebNodesLib

    return {**os.environ, "PYTHONPATH": str(Path(DICOMWebNodesLib.__file__).resolve().parents[1])}
