"""The options of ``retrieve --csv``."""

from __future__ import annotations

from .parser import Parser, file

_WHAT_IT_HOLDS = """\
One row for each study, series, instance, patient or accession number, the titles of the columns in the first line:
node, study_instance_uid, series_instance_uid, sop_instance_uid, patient_id, accession_number, study_id, study_date,
modality, series_description, as far as they are needed; also written StudyInstanceUID or "Study Instance UID".
Other columns are taken over into the result. What 'search --csv' prints is such a file."""


def add_cohort_options(parser: Parser) -> None:
    group = parser.add_argument_group("a cohort", _WHAT_IT_HOLDS)
    group.add_argument("--csv", metavar="FILE", type=file, help="the file with the rows")
    group.add_argument(
        "--result",
        metavar="FILE",
        type=file,
        help="gets the outcome of every row (default: DIR/<name of the cohort>-result.csv); rows that are complete in "
        "it are not asked for again",
    )
    group.add_argument("--parallel", metavar="N", type=int, default=4, help="rows side by side (default 4)")
    group.add_argument("--processes", action="store_true", help="each of them in a process of its own")
