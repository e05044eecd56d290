"""What came of an import."""

from typing import Any, Collection, Mapping

from .import_book import ImportBook
from .import_values import ImportSummary


def summaryOf(book: ImportBook, before: Collection[str], account: Mapping[str, Any], seconds: float) -> ImportSummary:
    """``before``: SOP Instance UIDs that the database had; ``account``: what the worker says of the retrieve."""
    lost = {failure.resource for failure in book.failures}
    inDatabase = {
        series: [instance for instance in instances if str(instance) not in lost]
        for series, instances in book.instances.items()
    }
    there = sum(instance.sop_instance_uid in before for instances in inDatabase.values() for instance in instances)
    return ImportSummary(
        imported=sum(map(len, inDatabase.values())) - there,
        alreadyThere=there,
        failures=tuple(book.failures),
        seriesUIDs=tuple(series.partition("/")[2] for series, instances in inDatabase.items() if instances),
        bytes=account.get("bytes", 0),
        seconds=seconds,
        cancelled=bool(account.get("cancelled")),
    )
