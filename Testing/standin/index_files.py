"""The process that indexes: orders as JSON lines on standard input, progress as JSON lines on standard output."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List

FILE_NAME = "ctkDICOM.sql"
SCHEMA_VERSION = "0.8.1"
SCHEMA = """
CREATE TABLE IF NOT EXISTS SchemaInfo (Version TEXT PRIMARY KEY);
INSERT OR IGNORE INTO SchemaInfo SELECT '0.8.1' WHERE NOT EXISTS (SELECT 1 FROM SchemaInfo);
CREATE TABLE IF NOT EXISTS Patients (UID INTEGER PRIMARY KEY, PatientsName TEXT, PatientID TEXT,
    UNIQUE (PatientsName, PatientID));
CREATE TABLE IF NOT EXISTS Studies (StudyInstanceUID TEXT PRIMARY KEY, PatientsUID INTEGER, StudyDescription TEXT);
CREATE TABLE IF NOT EXISTS Series (SeriesInstanceUID TEXT PRIMARY KEY, StudyInstanceUID TEXT, Modality TEXT,
    SeriesDescription TEXT, SeriesNumber INTEGER);
CREATE TABLE IF NOT EXISTS Images (SOPInstanceUID TEXT PRIMARY KEY, Filename TEXT, SeriesInstanceUID TEXT);
CREATE INDEX IF NOT EXISTS ImagesOfSeries ON Images (SeriesInstanceUID);
"""
_WANTED = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "PatientName", "PatientID")
_DESCRIBING = ("StudyDescription", "SeriesDescription", "Modality", "SeriesNumber", "SpecificCharacterSet")


def main() -> None:
    for line in sys.stdin:
        for news in carry_out(json.loads(line)):
            print(json.dumps(news), flush=True)


def carry_out(order: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    """One transaction for each batch; what cannot be read is logged and left out, as CTK does."""
    database, files = Path(order["database"]), order["files"]
    connection = sqlite3.connect(database, timeout=30)
    before = _counts(connection)
    with connection:
        for number, file in enumerate(files, 1):
            try:
                _add(connection, database.parent, Path(file), order["copy"])
            except Exception as error:
                print(f"Could not index {file}: {error}", file=sys.stderr)
            if number % 50 == 0:
                yield {"file": file, "percent": 100 * number // len(files)}
    after = _counts(connection)
    connection.close()
    yield {"added": [now - then for now, then in zip(after, before)]}


def _add(connection: sqlite3.Connection, folder: Path, file: Path, copy: bool) -> None:
    from pydicom import dcmread

    head = dcmread(file, stop_before_pixels=True, specific_tags=[*_WANTED, *_DESCRIBING])
    instance, series, study, name, patient_id = (str(head.get(keyword, "")) for keyword in _WANTED)
    if not (instance and series and study):
        raise ValueError("it has no UIDs")
    if copy:
        target = folder / "dicom" / study / series / instance
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        file = target
    described = [str(head.get(keyword, "")) for keyword in _DESCRIBING]
    connection.execute("INSERT OR IGNORE INTO Patients (PatientsName, PatientID) VALUES (?, ?)", (name, patient_id))
    connection.execute(
        "INSERT OR IGNORE INTO Studies SELECT ?, UID, ? FROM Patients WHERE PatientsName = ? AND PatientID = ?",
        (study, described[0], name, patient_id),
    )
    connection.execute(
        "INSERT OR IGNORE INTO Series VALUES (?, ?, ?, ?, ?)",
        (series, study, described[2], described[1], int(described[3] or 0)),  # as CTK, 0 where there is none
    )
    stored = file.relative_to(folder) if folder in file.parents else file
    connection.execute("INSERT OR REPLACE INTO Images VALUES (?, ?, ?)", (instance, str(stored), series))


def _counts(connection: sqlite3.Connection) -> List[int]:
    tables = ("Patients", "Studies", "Series", "Images")
    return [connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables]


if __name__ == "__main__":
    main()
