"""What the origin server is asked for before a transfer."""

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.transfer.catalogue import Catalogue
from DICOMWebNodesLib.transfer.events import SeriesPlan


class Search:
    """A search whose pages have one series each."""

    def __init__(self):
        self.pages = []

    def search(self, query, on_page=lambda: None):
        for number in (1, 2, 3):
            self.pages.append(number)
            uid = {"vr": "UI", "Value": [f"1.2.{number}"]}
            yield Attributes({"0020000E": uid, "00201209": {"vr": "IS", "Value": [number]}})
            on_page()


def test_all_pages_are_asked_for_with_the_series_of_a_study():
    search = Search()
    listed = Catalogue(search).series_of(Resource("1.2"))
    assert listed.plans == tuple(SeriesPlan(Resource("1.2", f"1.2.{number}"), number) for number in (1, 2, 3))
    assert search.pages == [1, 2, 3]


def test_no_further_page_is_asked_for_once_the_series_is_there_that_is_wanted():
    search = Search()
    listed = Catalogue(search).series_of(Resource("1.2", "1.2.2"))
    assert listed.plans == (SeriesPlan(Resource("1.2", "1.2.2"), 2),)
    assert search.pages == [1, 2], "of a server that ignores what is asked for"
