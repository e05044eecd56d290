"""Where retrieved instances lie, and what a crash or a full disk leaves there."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import DiskFull, InvalidUID, NotWritable
from DICOMWebNodesLib.transfer.folder import InstanceFolder, PartFile, write_whole, writing
from fakes.part10_files import part10

INSTANCE = Resource("1.2", "1.2.3", "1.2.3.4")
LIBRARY = Path(__file__).parents[3] / "DICOMWebNodes"


def store(folder, instance, content):
    file = PartFile(folder.path_of(instance))
    file.write(memoryview(content))
    file.keep()


def test_an_instance_lies_under_its_study_and_series(tmp_path):
    assert InstanceFolder(tmp_path).path_of(INSTANCE) == tmp_path / "1.2" / "1.2.3" / "1.2.3.4.dcm"


@pytest.mark.parametrize("name", ["../../etc", "..", ".", "1/2", "C:", "1.2.3\0", "a.b", "1..2", ""])
def test_nothing_but_a_uid_can_name_a_place(name):
    with pytest.raises(InvalidUID):
        Resource("1.2", "1.2.3", name or " ")


def test_a_file_has_its_final_name_only_when_it_is_whole(tmp_path):
    folder = InstanceFolder(tmp_path)
    file = PartFile(folder.path_of(INSTANCE))
    file.write(memoryview(b"half"))
    assert not folder.path_of(INSTANCE).exists()
    file.write(memoryview(b" and half"))
    file.keep()
    assert folder.path_of(INSTANCE).read_bytes() == b"half and half"
    assert [each.name for each in folder.path_of(INSTANCE).parent.iterdir()] == ["1.2.3.4.dcm"]


FORKED = """
import os, sys
from pathlib import Path
from DICOMWebNodesLib.transfer.folder import PartFile

def begin():
    PartFile(Path(sys.argv[1])).write(memoryview(b"half"))

parent_has_begun, told = os.pipe()
child = os.fork()
if child:
    begin()
    os.write(told, b"!")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os.read(parent_has_begun, 1)
begin()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which is not part of the project")
def test_a_forked_process_and_its_parent_write_the_same_instance_side_by_side(tmp_path):
    final = InstanceFolder(tmp_path).path_of(INSTANCE)
    final.parent.mkdir(parents=True)  # so that both do the same
    subprocess.run([sys.executable, "-c", FORKED, str(final)], cwd=LIBRARY, check=True)
    assert len(list(tmp_path.rglob("*.part"))) == 2


def test_a_discarded_file_leaves_nothing(tmp_path):
    file = PartFile(InstanceFolder(tmp_path).path_of(INSTANCE))
    file.write(memoryview(b"half"))
    file.discard()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_file_that_cannot_have_its_final_name_leaves_nothing(tmp_path):
    folder = InstanceFolder(tmp_path)
    in_the_way = folder.path_of(INSTANCE)
    in_the_way.mkdir(parents=True)
    with pytest.raises(NotWritable):
        store(folder, INSTANCE, b"whole")
    assert list(tmp_path.rglob("*.part")) == []


def test_a_file_that_is_given_its_name_while_somebody_tidies_up_is_not_taken_for_abandoned(tmp_path):
    folder, tidied, over = InstanceFolder(tmp_path), [], threading.Event()

    def tidy():
        while not over.is_set():
            folder.remove_abandoned(INSTANCE.parent)
            tidied.append(1)

    other = threading.Thread(target=tidy)
    other.start()
    try:
        for _ in range(100):
            store(folder, INSTANCE, b"whole")
    finally:
        over.set()
        other.join()
    assert tidied
    assert folder.path_of(INSTANCE).read_bytes() == b"whole"


def test_only_files_that_were_given_their_final_name_count_as_there(tmp_path):
    folder = InstanceFolder(tmp_path)
    store(folder, INSTANCE, part10(*INSTANCE.uids))
    store(folder, Resource("1.2", "1.2.3", "1.2.3.6"), b"")  # what a loss of power may leave
    PartFile(folder.path_of(Resource("1.2", "1.2.3", "1.2.3.7"))).write(memoryview(bytes(1000)))
    (tmp_path / "1.2" / "1.2.3" / "notes.txt").write_text("mine")
    (tmp_path / "1.2" / "1.2.3" / "1.2.3.8.dcm").mkdir()
    assert folder.instances_of(Resource("1.2", "1.2.3")) == {INSTANCE: folder.path_of(INSTANCE)}
    assert folder.instances_of(Resource("1.2")) == {INSTANCE: folder.path_of(INSTANCE)}


def test_nothing_is_there_before_the_first_retrieve(tmp_path):
    assert InstanceFolder(tmp_path / "new").instances_of(Resource("1.2", "1.2.3")) == {}


def test_what_a_killed_writer_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    folder = InstanceFolder(tmp_path)
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from DICOMWebNodesLib.transfer.folder import PartFile\n"
        "PartFile(Path(sys.argv[1])).write(memoryview(b'half'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    dead = folder.path_of(INSTANCE)
    subprocess.run([sys.executable, "-c", program, str(dead)], cwd=LIBRARY, check=False)
    living = PartFile(folder.path_of(Resource("1.2", "1.2.3", "1.2.3.5")))
    assert len(list(tmp_path.rglob("*.part"))) == 2
    folder.remove_abandoned(Resource("1.2", "1.2.3"))
    assert [each.name.startswith("1.2.3.5") for each in tmp_path.rglob("*.part")] == [True]
    living.keep()
    assert folder.path_of(Resource("1.2", "1.2.3", "1.2.3.5")).exists()


def test_nothing_is_lost_while_somebody_tidies_up_all_the_time(tmp_path):
    folder, series = InstanceFolder(tmp_path), Resource("1.2", "1.2.3")
    written = [series.instance(f"1.2.3.{number}") for number in range(300)]
    over = threading.Event()

    def tidy():
        while not over.is_set():
            folder.remove_abandoned(series)

    tidying = threading.Thread(target=tidy)
    tidying.start()
    try:
        for each in written:
            write_whole(folder.path_of(each), memoryview(b"x" * 200))
    finally:
        over.set()
        tidying.join()
    assert set(folder.instances_of(series)) == set(written)


def test_two_writers_of_one_file_do_not_disturb_each_other(tmp_path):
    path = InstanceFolder(tmp_path).path_of(INSTANCE)
    first, second = PartFile(path), PartFile(path)
    write_whole(path, memoryview(b"third"))
    for file, content in ((first, b"first"), (second, b"second")):
        file.write(memoryview(content))
        file.keep()
        assert path.read_bytes() == content


def test_a_whole_file_that_cannot_have_its_final_name_leaves_nothing(tmp_path):
    path = InstanceFolder(tmp_path).path_of(INSTANCE)
    path.mkdir(parents=True)
    with pytest.raises(NotWritable):
        write_whole(path, memoryview(b"whole"))
    assert list(tmp_path.rglob("*.part")) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match=r"file.* cannot be written .*Choose a folder"):
        InstanceFolder(tmp_path / "file" / "below").prepare()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few have")
def test_a_folder_that_cannot_be_read_is_named(tmp_path):
    tmp_path.joinpath("1.2").mkdir()
    tmp_path.joinpath("1.2", "1.2.3").symlink_to("1.2.3")
    for ask in (InstanceFolder(tmp_path).instances_of, InstanceFolder(tmp_path).remove_abandoned):
        for resource in (Resource("1.2"), INSTANCE.parent):
            with pytest.raises(NotWritable, match=r"1\.2\.3 cannot be written \("):
                ask(resource)


def test_a_file_that_cannot_be_made_is_named(tmp_path):
    folder = InstanceFolder(tmp_path)
    folder.path_of(INSTANCE).mkdir(parents=True)
    file = PartFile(folder.path_of(INSTANCE))
    with pytest.raises(NotWritable, match=r"1\.2\.3\.4\.dcm cannot be written"):
        file.keep()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_says_which_and_that_it_resumes(tmp_path, number):
    with pytest.raises(DiskFull, match=r"is full .*it resumes"), writing(tmp_path / "a.dcm"):
        raise OSError(number, os.strerror(number))
