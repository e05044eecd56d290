"""A server as the tests of transfers know it, without any network: what it holds, and how it misbehaves."""

import contextlib

from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, PartStarted, Payload
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import NotFound
from DICOMWebNodesLib.transfer.catalogue import InstancesListed, SeriesListed
from DICOMWebNodesLib.transfer.concurrency import Concurrency
from DICOMWebNodesLib.transfer.engine import Transfer
from DICOMWebNodesLib.transfer.events import SeriesPlan
from DICOMWebNodesLib.transfer.folder import InstanceFolder
from fakes.part10_files import part10

STUDY = Resource("1.2")
SERIES = Resource("1.2", "1.2.3")


def instance(number, series=SERIES):
    return Resource(*series.uids, f"{series.series_instance_uid}.{number}")


class Origin:
    """The server's side as values: what it holds, what it says that it holds, and how it misbehaves."""

    def __init__(self, *series, instances=5, counted=True, levels=tuple(Level)):
        self.held = {
            each: part10(*each.uids)
            for one in series or (SERIES,)
            for each in (instance(n, one) for n in range(instances))
        }
        self.counted = counted
        self.levels = levels
        self.listed = None  # what the catalogue says instead of the truth
        self.sent = None  # what a series brings instead of the truth: (resource, bytes) pairs
        self.breaks_after = {}  # resource -> (parts, error)
        self.refuses = {}  # resource -> error
        self.asked = []
        self.on_part = lambda: None

    # --- catalogue ---

    def series_of(self, resource, begin=lambda plans: None):
        counts = {}
        for each in self.held:
            if resource.contains(each):
                counts[each.parent] = counts.get(each.parent, 0) + 1
        if not counts:
            raise NotFound("the server knows no such study", status=404)
        plans = (SeriesPlan(series, count if self.counted else None) for series, count in counts.items())
        return SeriesListed(tuple(plans))

    def instances_of(self, resource, counted=None):
        if self.listed is not None:
            return InstancesListed(frozenset(self.listed))
        return InstancesListed(frozenset(each for each in self.held if resource.contains(each)))

    # --- source ---

    def retrieves(self, level):
        return level in self.levels

    def refused(self, level):
        self.levels = tuple(each for each in self.levels if each is not level)

    @contextlib.contextmanager
    def retrieve(self, resource):
        self.asked.append(resource)
        if resource in self.refuses:
            raise self.refuses[resource]
        yield self._events(resource)

    def _events(self, resource):
        parts = [(each, content) for each, content in self.held.items() if resource.contains(each)]
        if self.sent is not None and resource.level is not Level.INSTANCE:
            parts = self.sent
        limit, error = self.breaks_after.get(resource, (len(parts), None))
        for index, (_, content) in enumerate(parts):
            self.on_part()
            yield PartStarted({"content-type": "application/dicom"})
            yield Payload(memoryview(content)[:500])
            if index == limit:
                raise error
            yield Payload(memoryview(content)[500:])
            yield PartEnded()
        if error is not None and limit >= len(parts):
            raise error


def run(origin, folder, *resources, listener=lambda event: None, connections=4, **options):
    pacer = Pacer(first_delay=0, attempts=3)
    options.update(listener=listener, pacer=pacer, concurrency=Concurrency(most=connections))
    transfer = Transfer(origin, origin, InstanceFolder(folder), **options)
    return transfer.run(resources or [STUDY])


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def expected_files(origin):
    return {f"{'/'.join(each.uids)}.dcm": content for each, content in origin.held.items()}
