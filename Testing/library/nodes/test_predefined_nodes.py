from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.profile import profile_for
from DICOMWebNodesLib.errors import NodeStoreError
from DICOMWebNodesLib.nodes.predefined import predefined_nodes


def test_the_public_orthanc_demo_is_among_the_predefined_nodes():
    assert "https://orthanc.uclouvain.be/demo/dicom-web" in [node.url for node in predefined_nodes()]


def test_predefined_nodes_have_uids_that_stay_and_profiles_that_exist():
    assert predefined_nodes() == predefined_nodes()
    assert all(profile_for(node) for node in predefined_nodes())


def test_predefined_names_and_uids_are_unique():
    nodes = predefined_nodes()
    assert len({node.uid for node in nodes}) == len({node.name.casefold() for node in nodes}) == len(nodes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ('{"format": "DICOMWebNodes", "version": 1, "nodes": [{"uid": "x", "name": "Bad", "url": "?"}]}', "'Bad'"),
    ],
)
def test_a_wrong_data_file_is_named(tmp_path, content, message):
    (tmp_path / "site.json").write_text(content)
    with pytest.raises(NodeStoreError, match=r"site\.json") as caught:
        predefined_nodes(tmp_path)
    assert message in str(caught.value)
