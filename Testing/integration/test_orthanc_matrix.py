"""What README.md says of the real Orthanc, operation by operation."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import started_orthanc
from dialect_suite import matrix
from dialect_suite.bench import replayed
from dialect_suite.collection import Collection, write_collection
from dialect_suite.operations import OPERATIONS
from orthanc import Orthanc


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return write_collection(tmp_path_factory.mktemp("collection"))


@pytest.fixture(scope="module")
def orthanc_with_it(collection: Collection):
    with started_orthanc() as server:
        server.add(collection.files.values())
        yield server


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if not name.startswith("Store")])
def test_orthanc_does_what_the_readme_says(
    operation: str, orthanc_with_it: Orthanc, collection: Collection, tmp_path: Path
) -> None:
    with matrix.real_orthanc(orthanc_with_it.dicomweb_url, collection, tmp_path) as one:
        assert OPERATIONS[operation](one) == matrix.committed()[operation, matrix.REAL_ORTHANC]


def test_orthanc_stores_what_the_readme_says(empty_orthanc: Orthanc, collection: Collection, tmp_path: Path) -> None:
    (operation,) = (name for name in OPERATIONS if name.startswith("Store"))
    with matrix.real_orthanc(empty_orthanc.dicomweb_url, collection, tmp_path) as one:
        assert OPERATIONS[operation](one) == matrix.committed()[operation, matrix.REAL_ORTHANC]


def test_the_dialect_offers_what_orthanc_does(orthanc_with_it: Orthanc, collection: Collection, tmp_path: Path) -> None:
    with matrix.real_orthanc(orthanc_with_it.dicomweb_url, collection, tmp_path / "real") as real:
        offered = [check.as_dict() for check in real.workspace.test(real.node)]
    with replayed("orthanc", collection, tmp_path / "replayed", page_size=2) as dialect:
        assert [check.as_dict() for check in dialect.workspace.test(dialect.node)] == offered


def test_the_sign_ins_that_are_marked_as_real_are_tried_here() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert 'template("keycloak")' in sources
    assert "BasicAuth(" in sources
    assert {"keycloak", "basic"} == matrix.REAL_SIGN_INS
