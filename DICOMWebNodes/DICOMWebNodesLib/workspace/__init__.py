"""The one class that the command line, the worker process and scripts use.

With the ``url`` of a DICOMweb server (or the name of a node) and a ``folder`` to write to::

    >>> from DICOMWebNodesLib.workspace import Query, Resource, Workspace
    >>> workspace = Workspace()
    >>> [str(check.ok) for check in workspace.test(url)]
    ['True', 'True', 'True']
    >>> for study in workspace.search(url, Query.studies(PatientName="DOE*")):
    ...     print(study.text("PatientName"), study.study_instance_uid)
    DOE^JANE 1.2.3
    >>> summary = workspace.retrieve(url, Resource("1.2.3"), folder / "doe")
    >>> summary.complete, summary.stored
    (True, 3)
    >>> sorted(path.name for path in folder.glob("doe/1.2.3/1.2.3.1/*.dcm"))
    ['1.2.3.1.1.dcm', '1.2.3.1.2.dcm', '1.2.3.1.3.dcm']
    >>> workspace.store(url, folder.rglob("*.dcm")).complete
    True
    >>> workspace.close()
"""

from __future__ import annotations

from ..dicomweb.check import Check
from ..dicomweb.query import Query
from ..dicomweb.resource import Level, Resource
from ..dicomweb.store_outcome import StoreSummary
from ..transfer.control import Control
from ..transfer.events import Summary
from .workspace import Workspace

__all__ = ["Check", "Control", "Level", "Query", "Resource", "StoreSummary", "Summary", "Workspace"]
