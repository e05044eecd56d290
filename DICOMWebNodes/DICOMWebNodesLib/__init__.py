"""DICOMweb nodes: definitions, authentication, search, retrieve and store. Plain Python, no slicer, no qt.

Start with :class:`DICOMWebNodesLib.workspace.Workspace`; every error is drawn in :mod:`DICOMWebNodesLib.errors`.
"""

__version__ = "0.1.0"
