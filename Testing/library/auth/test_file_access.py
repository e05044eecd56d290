"""Who may open a file of secrets on Windows: the decision anywhere, the lists themselves where Windows is."""

import ctypes
import subprocess
import sys

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_access import AccessEntry, file_access, strangers
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.errors import SecretUnavailable

ME, EVE = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
SYSTEM, ADMINISTRATORS, USERS, EVERYONE, OWNER_RIGHTS = "S-1-5-18", "S-1-5-32-544", "S-1-5-32-545", "S-1-1-0", "S-1-3-4"
ALL, READ, LOOK_AT_ATTRIBUTES, GENERIC_READ, WRITE_LIST = 0x1F01FF, 0x120089, 0x20080, 0x80000000, 0x40000

windows_only = pytest.mark.skipif(sys.platform != "win32", reason="needs Windows, which is not part of the project")
IS_WINE = sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


@pytest.mark.parametrize(
    ("entries", "others"),
    [
        ([AccessEntry(ME, ALL)], []),
        ([], []),
        ([AccessEntry(ME, ALL), AccessEntry(SYSTEM, ALL), AccessEntry(ADMINISTRATORS, ALL)], []),
        ([AccessEntry(OWNER_RIGHTS, ALL)], []),
        ([AccessEntry(ME, ALL), AccessEntry(USERS, READ)], [USERS]),
        ([AccessEntry(EVE, GENERIC_READ), AccessEntry(EVERYONE, READ), AccessEntry(EVE, READ)], [EVE, EVERYONE]),
        ([AccessEntry(EVE, WRITE_LIST)], [EVE]),
        ([AccessEntry(EVERYONE, LOOK_AT_ATTRIBUTES)], []),
        ([AccessEntry(EVERYONE, ALL, inherit_only=True)], []),
        (None, [EVERYONE]),
    ],
    ids=[
        "mine",
        "nobody's",
        "mighty",
        "owner's",
        "users",
        "two",
        "the list",
        "attributes",
        "inherited only",
        "no list",
    ],
)
def test_whoever_else_is_allowed_to_open_it_is_named(entries, others):
    assert strangers(ME, ME, entries) == others


@pytest.mark.parametrize(("owner", "others"), [(ADMINISTRATORS, []), (SYSTEM, []), (EVE, [EVE])])
def test_an_owner_can_let_himself_in(owner, others):
    assert strangers(ME, owner, [AccessEntry(ME, ALL)]) == others


@pytest.fixture
def access():
    return file_access()


@pytest.fixture
def store(tmp_path):
    made = FileSecrets(tmp_path / "secrets" / "secrets.json")
    made.create()
    made.set("a", canary())
    return made


def set_list(path, entries):
    """``entries``: in the words of Windows, "(A;;FR;;;WD)" lets everybody read."""
    descriptor, advapi32 = ctypes.c_void_p(), ctypes.windll.advapi32
    convert = advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW
    assert convert(f"D:P{entries}", 1, ctypes.byref(descriptor), None)
    assert advapi32.SetFileSecurityW(str(path), ctypes.c_ulong(0x80000004), descriptor)


@windows_only
def test_on_windows_the_file_and_its_folder_are_for_the_owner_alone(store, access):
    from DICOMWebNodesLib.auth.windows_access import AccessLists, owner_and_entries, user_of_this_process

    assert isinstance(access, AccessLists)
    me = user_of_this_process()
    for path in (store.path.parent, store.path):
        owner, entries = owner_and_entries(path)
        assert owner == me
        # Wine adds the system to every list.
        assert {entry.sid for entry in entries} - ({SYSTEM} if IS_WINE else set()) == {me}
        assert access.openness(path) is None


@windows_only
def test_on_windows_the_folder_is_closed_even_when_it_was_open_before(tmp_path, access):
    folder = tmp_path / "secrets"
    folder.mkdir()
    set_list(folder, "(A;OICI;FA;;;WD)")
    assert access.openness(folder)
    access.close_folder(folder)
    assert access.openness(folder) is None


@windows_only
def test_on_windows_the_file_is_closed_although_its_folder_is_open(store, access):
    set_list(store.path.parent, "(A;OICI;FA;;;WD)")
    store.set("b", canary())
    assert access.openness(store.path.parent)
    assert access.openness(store.path) is None


@windows_only
def test_on_windows_a_file_that_others_can_read_is_not_used(store):
    set_list(store.path, "(A;;FA;;;OW)(A;;FA;;;BA)(A;;FR;;;WD)")
    with pytest.raises(SecretUnavailable, match=r"can be opened by .*icacls.*S-1-1-0.*change the passwords"):
        store.get("a")


@windows_only
@pytest.mark.skipif(IS_WINE, reason="Wine's icacls does nothing")
def test_on_windows_what_is_told_cures_it(store, access):
    set_list(store.path, "(A;;FA;;;OW)(A;;FA;;;BA)(A;;FR;;;WD)")
    _, command, _ = access.openness(store.path).cure.split("'")
    subprocess.run(command, shell=True, check=True)
    assert access.openness(store.path) is None
    assert store.get("a")


@windows_only
def test_on_windows_a_new_file_is_never_an_old_one(tmp_path, access):
    path = tmp_path / "file"
    with open(path, "xb", opener=access.open_new) as file:
        file.write(b"a\n")
    with pytest.raises(FileExistsError), open(path, "xb", opener=access.open_new):
        pass
    assert path.read_bytes() == b"a\n"
