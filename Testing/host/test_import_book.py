"""The books of an import."""

from DICOMWebNodesHost.import_book import ImportBook
from DICOMWebNodesLib.dicomweb.resource import Resource


def stored(*numbers):
    return [[f"1.2/1.2.{series}/1.2.{series}.{number}", "file", 100, False] for series, number in numbers]


def test_what_is_in_the_database_is_counted_over_all_series_and_once_when_it_is_verified_again():
    book = ImportBook(lambda: 0.0)
    book.stored(stored((1, 1), (1, 2), (2, 1)))
    book.verified("1.2/1.2.1", [Resource("1.2", "1.2.1", "1.2.1.2")], lambda missing: "gone")
    assert book.indexed == 1
    book.verified("1.2/1.2.2", [], lambda missing: "")
    book.verified("1.2/1.2.1", [], lambda missing: "")
    assert book.indexed == 3
