"""Where retrieved instances lie: ``<root>/<study>/<series>/<instance>.dcm``.

Every name is made of validated UIDs (digits and dots), so that nothing a server sends can name another place.
A file gets its final name when it is whole and verified; until then it is a ``.part`` file that only its writer
uses. ``.part`` files of writers that died are removed when their series is retrieved again. Where a path would be too
long for Windows, the study's folder has a shorter name.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import random
from functools import lru_cache
from pathlib import Path
from typing import Iterator, Mapping, Optional, Tuple, Union

from ..dicomweb.resource import Level, Resource
from ..dicomweb.uid import is_uid
from ..dicomweb.whole_file import is_whole_file
from ..errors import DiskFull, NotWritable, TransferError
from ..text import Text
from .long_paths import IS_WINDOWS, LONGEST, fits, openable, short_study_name
from .part_access import create, remove_if_abandoned, rename_and_close, write_all, write_and_rename

SUFFIX = ".dcm"
PART = ".part"
# Preamble and prefix of a Part 10 file (PS3.10 section 7.1).
_LEAST = 132
# What tells the .part files of two writers apart; to ask the system for randomness each time costs a call.
_marks = itertools.count(random.SystemRandom().getrandbits(32))
PathText = Union[str, Path]
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class InstanceFolder:
    """The files below one root folder. ``longest_path``: characters; None: as many as there are (see
    :mod:`.long_paths`)."""

    def __init__(self, root: Path, *, longest_path: Optional[int] = LONGEST if IS_WINDOWS else None) -> None:
        self.root = Path(root)
        self._longest_path = longest_path
        self._folder_of = lru_cache(maxsize=64)(self._make_folder_of)

    def prepare(self) -> None:
        """Make the root. Raises :class:`~..errors.NotWritable`."""
        with writing(self.root):
            self.root.mkdir(parents=True, exist_ok=True)

    def path_of(self, instance: Resource) -> Path:
        return Path(self.name_of(instance))

    def name_of(self, instance: Resource) -> str:
        """Its path as text: to make a Path of it takes longer than to write some of the files."""
        study, series, sop_instance_uid = instance
        return f"{self._folder_of(study, series)}{sop_instance_uid}{SUFFIX}"

    def _make_folder_of(self, study: str, series: str) -> str:
        """With a separator at its end."""
        if self._longest_path is not None and not fits(self.root.absolute(), study, series, self._longest_path):
            study = short_study_name(study)
        return os.path.join(self.root, study, series, "")

    def instances_of(self, resource: Resource) -> Mapping[Resource, Path]:
        """The whole instances of a study or series that are there, with their files.

        A file has its name only when it was verified, so that nothing of it is read again: with a cold cache that
        would take as long as retrieving it. One that a loss of power left without content is not there.
        """
        found = {}
        for series, folder, entry in self._entries(resource):
            name, suffix = os.path.splitext(entry.name)
            if suffix == SUFFIX and is_uid(name) and entry.is_file() and entry.stat().st_size > _LEAST:
                found[Resource(*(*series.uids, name))] = folder / entry.name
        return found

    def remove_abandoned(self, resource: Resource) -> None:
        """Remove the ``.part`` files whose writer is gone."""
        for _, _, entry in self._entries(resource):
            if entry.name.endswith(PART):
                remove_if_abandoned(entry.path)

    def _entries(self, resource: Resource) -> Iterator[Tuple[Resource, Path, os.DirEntry[str]]]:
        """What lies in the folders of the resource's series, with the series and its folder."""
        yield from _entries_of(resource, self.root.joinpath(*resource.uids))
        if self._longest_path is not None:
            short = short_study_name(resource.study_instance_uid)
            yield from _entries_of(resource, self.root.joinpath(short, *resource.uids[1:]))


def _entries_of(resource: Resource, folder: Path) -> Iterator[Tuple[Resource, Path, os.DirEntry[str]]]:
    gone = contextlib.suppress(FileNotFoundError, NotADirectoryError)
    with writing(folder), gone, os.scandir(openable(str(folder))) as entries:
        for entry in entries:
            if resource.level is Level.SERIES:
                yield resource, folder, entry
            elif is_uid(entry.name):
                yield from _entries_of(Resource(*(*resource.uids, entry.name)), folder / entry.name)


def write_whole(final: PathText, content: memoryview) -> None:
    """A file whose content is all here. Raises :class:`~..errors.DiskFull` and :class:`~..errors.NotWritable`."""
    path = str(final)
    try:
        write_and_rename(_part_of(path), openable(path), content)
        return
    except FileNotFoundError:  # there is no folder yet, or somebody who tidies up took it for abandoned
        pass
    except OSError as error:
        raise _refusal(error, path) from error
    file = PartFile(final)
    try:
        file.write(content)
    except BaseException:
        file.discard()
        raise
    file.keep()


def _part_of(final: str) -> str:
    """A name that no other ``.part`` file has; a process that was forked counts on from the same mark as its parent."""
    return openable(f"{final}.{os.getpid():x}-{next(_marks) & 0xFFFFFFFF:08x}{PART}")


class PartFile:
    """A file on its way: written in pieces, then :meth:`keep` or :meth:`discard`.

    It is not flushed to the platter one by one: after a loss of power the last seconds may have to be retrieved
    again, after a crash of the program never.
    """

    def __init__(self, final: PathText) -> None:
        self._final = str(final)
        self.size = 0
        with writing(self._final):
            try:
                self._create()
            except FileNotFoundError:
                os.makedirs(openable(os.path.dirname(self._final)), exist_ok=True)
                self._create()

    def _create(self) -> None:
        descriptor = None
        while descriptor is None:
            self._path = _part_of(self._final)
            descriptor = create(self._path)
        self._file = descriptor

    def write(self, data: memoryview) -> None:
        with writing(self._final):
            write_all(self._file, data)
        self.size += len(data)

    def is_whole(self) -> bool:
        """Whether what is written could be all of a DICOM file: :func:`~..dicomweb.whole_file.is_whole_file`."""
        with writing(self._final), open(self._path, "rb", buffering=0) as file:
            return is_whole_file(file)

    def keep(self) -> None:
        """Give the file its final name; a file of that name is replaced. When that cannot be, nothing stays."""
        descriptor, self._file = self._file, -1
        with writing(self._final):
            try:
                rename_and_close(descriptor, self._path, openable(self._final))
            except OSError:
                self.discard()
                raise

    def discard(self) -> None:
        # Closed once: by then the number may be that of somebody else's file.
        descriptor, self._file = self._file, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(self._path)


class writing:
    """A context that turns what the operating system refuses into :class:`~..errors.DiskFull` or
    :class:`~..errors.NotWritable`."""

    __slots__ = ("_path",)

    def __init__(self, path: PathText) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: Optional[BaseException], trace: object) -> None:
        if isinstance(error, OSError):
            raise _refusal(error, self._path) from error


def _refusal(error: OSError, path: PathText) -> TransferError:
    if error.errno in _FULL:
        return DiskFull(
            Text("the disk of {folder} is full ({reason})", folder=Path(path).parent, reason=error.strerror)
        )
    return NotWritable(Text("{path} cannot be written ({reason})", path=path, reason=error.strerror))
