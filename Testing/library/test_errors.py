"""What a person sees of an error or a value in Python, and what another process gets of it."""

import copy
import inspect
import pickle

import pytest
from DICOMWebNodesLib import errors
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.store_outcome import StoreSummary
from DICOMWebNodesLib.errors import DICOMWebNodesError, NotFound
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.transfer.events import Failure, Summary
from DICOMWebNodesLib.workspace import Workspace

KINDS = sorted(
    (each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DICOMWebNodesError)),
    key=lambda each: each.__name__,
)


def pickled(error):
    return pickle.loads(pickle.dumps(error))


NEEDED = {"status": 404, "whole_parts": 2, "summary": Summary(0, 0, (), 0, 0.0, cancelled=True)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "through", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy], ids=["pickle", "copy"]
)
def test_an_error_comes_whole_to_another_process(kind, through):
    parameters = inspect.signature(kind.__init__).parameters
    needed = {name: value for name, value in NEEDED.items() if name in parameters}
    error = kind(Text("there is no {what}", what="series"), node="PACS", asked="search", next_step="Look.", **needed)
    got = through(error)
    assert type(got) is kind
    assert vars(got) == vars(error)
    assert str(got) == str(error)


def test_the_name_of_each_value_is_one_line_that_tells_which_it_is(tmp_path):
    study = Resource("1.2", "1.2.3")
    row = {"0020000D": {"vr": "UI", "Value": ["1.2"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE^JANE"}]}}
    failed = tuple(Failure(study, "no", "not-found", 2) for _ in range(1000))
    shown = {
        repr(study): "Resource('1.2', '1.2.3')",
        repr(Attributes(row)): "Attributes(1.2: 2 attributes)",
        repr(Attributes({"0020000D": {"Value": {}}})): "Attributes(no UID: 1 attributes)",
        repr(Summary(3, 0, failed, 70, 1.5)): "Summary(3 stored, 0 there already, 2000 missing, 70 bytes)",
        repr(StoreSummary(stored=2, failed=1, bytes=9)): "StoreSummary(2 stored, 1 failed, 9 bytes)",
        repr(NotFound("no study", status=404, node="PACS", next_step="Look.")): "NotFound('PACS: no study. Look.')",
        repr(Node("PACS", "http://a/b", uid="u", headers=(("X-Key", "hush"),))): (
            "Node('PACS', 'http://a/b', 'DICOMweb (all RESTful services)', uid='u')"
        ),
    }
    assert list(shown) == list(shown.values())
    with Workspace() as workspace:
        assert repr(workspace) == f"Workspace(nodes in {str(workspace.nodes.path)!r})"
