"""Studies, servers, faults and interruptions as chance has them, and a second run after each."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.transfer.control import Control
from DICOMWebNodesLib.transfer.events import InstanceStored
from fakes.connection_faults import dripping, stalled
from fakes.faults import ALL, BARE, SEARCHED, UNCOUNTED, Faults
from fakes.origin_server import Dialect, OriginServer
from faults.property import (
    assert_accounted_for,
    assert_the_next_run_fetches_exactly_what_is_missing,
    origin_files_in,
    retrieve,
)
from hypothesis import given, settings
from hypothesis import strategies as st

STUDY = Resource("1.2.826.0.1.99.1")
# Nobody waits for a time-out here.
QUICK = {fault.__name__: fault for fault in (*ALL, *BARE, *SEARCHED) if fault not in (stalled, dripping)}


@dataclass(frozen=True)
class Scenario:
    """``payloads``: bytes of pixel data of each instance of each series. ``asks_for``: series and instance by number,
    None for all. ``cancelled_after``: so many instances arrived. Who does not ``verify`` does not notice
    :data:`~fakes.faults.UNCOUNTED`."""

    payloads: Tuple[Tuple[int, ...], ...]
    asks_for: Tuple[Optional[int], Optional[int]]
    service_type: ServiceType
    profile: str
    announces_length: bool
    connections: int
    faults: Tuple[str, ...]
    share: float
    seed: int
    cancelled_after: Optional[int]
    verify: bool

    def resources(self) -> List[Resource]:
        series, instance = self.asks_for
        if self.service_type is ServiceType.WADO_URI:  # gives single instances only
            everything = [each for number in range(len(self.payloads)) for each in self.instances_of(number)]
            return everything if instance is None else everything[instance % len(everything) :][:1]
        if series is None:
            return [STUDY]
        one = self.all_series()[series % len(self.payloads)]
        instances = self.instances_of(series % len(self.payloads))
        return [one] if instance is None else [instances[instance % len(instances)]]

    def instances_of(self, number: int) -> List[Resource]:
        series = self.all_series()[number]
        return [
            Resource(*series.uids, f"{series.series_instance_uid}.{each}") for each in range(len(self.payloads[number]))
        ]

    def all_series(self) -> Sequence[Resource]:
        return [Resource(*STUDY.uids, f"{STUDY}.{number}") for number in range(1, len(self.payloads) + 1)]


SCENARIOS = st.builds(
    Scenario,
    payloads=st.lists(
        st.lists(st.sampled_from([500, 20_000, 300_000]), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3
    ).map(tuple),
    asks_for=st.tuples(st.none() | st.integers(0, 2), st.none() | st.integers(0, 4)),
    service_type=st.sampled_from([ServiceType.DICOMWEB, ServiceType.WADO_RS, ServiceType.WADO_URI]),
    profile=st.sampled_from(["generic", "generic", "healthlake-proxy", "static-dicomweb", "aws-healthimaging"]),
    announces_length=st.booleans(),
    connections=st.sampled_from([1, 2, 8]),
    faults=st.lists(st.sampled_from(sorted(QUICK)), min_size=2, max_size=6, unique=True).map(tuple),
    share=st.sampled_from([0.1, 0.4, 1.0]),
    seed=st.integers(0, 10**6),
    cancelled_after=st.none() | st.integers(1, 6),
    verify=st.booleans(),
)


@given(SCENARIOS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nothing_is_lost_in_silence_and_a_second_run_fetches_exactly_what_is_missing(scenario):
    check(scenario)


def check(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        origin, output = Path(folder, "origin"), Path(folder, "output")
        origin.mkdir()
        files = origin_files_in(origin, dict(zip(scenario.all_series(), scenario.payloads)))
        asked = scenario.resources()
        wanted = {each: path for each, path in files.items() if any(one.contains(each) for one in asked)}
        options = {"service_type": scenario.service_type, "profile": scenario.profile}
        control, arrivals = Control(), []

        def listen(event: object) -> None:
            if isinstance(event, InstanceStored):
                arrivals.append(event)
                if len(arrivals) == scenario.cancelled_after:
                    control.cancel()

        chosen = [*(QUICK[name] for name in scenario.faults), *(UNCOUNTED if scenario.verify else ())]
        faults = Faults(scenario.seed, chosen, share=scenario.share, anywhere=True)
        with OriginServer(
            files.values(), dialect=Dialect(announces_length=scenario.announces_length), fault=faults
        ) as s:
            summary = retrieve(
                s,
                output,
                asked,
                listener=listen,
                control=control,
                connections=scenario.connections,
                verify=scenario.verify,
                **options,
            )
        arrived = assert_accounted_for(summary, output, wanted)
        if arrived != set(wanted):
            assert not summary.complete
        assert_the_next_run_fetches_exactly_what_is_missing(output, wanted, arrived, asked, **options)
