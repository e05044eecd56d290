"""Write the table of servers into README.md: ``python3 Testing/matrix.py``. Sets up its own environment.

Without an Orthanc on this machine the column of the real one stays as it is.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from environment import REQUIREMENTS, ROOT, Environment


def main() -> int:
    Environment(REQUIREMENTS / "test.txt").enter()
    sys.path.insert(0, str(ROOT / "DICOMWebNodes"))
    from dialect_suite import matrix

    matrix.write(matrix.whole_table(_orthanc_column()))
    print(matrix.README)
    return 0


def _orthanc_column() -> dict[tuple[str, str], str]:
    import orthanc
    from dialect_suite import matrix
    from dialect_suite.collection import write_collection

    if not orthanc.is_installed():
        print(orthanc.HOW_TO_GET)
        return {cell: words for cell, words in matrix.committed().items() if cell[1] == matrix.REAL_ORTHANC}
    with tempfile.TemporaryDirectory() as folder, orthanc.Orthanc() as server:
        collection = write_collection(Path(folder))
        server.add(collection.files.values())
        return matrix.orthanc_column(server.dicomweb_url, collection)


if __name__ == "__main__":
    sys.exit(main())
