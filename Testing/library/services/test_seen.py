"""What a search has brought is known again, and nothing else is."""

from DICOMWebNodesLib.dicomweb.seen import Seen
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.text(max_size=3), max_size=50))
def test_each_is_new_once(texts):
    seen, known = Seen(), set()
    for text in texts:
        assert seen.add(text) == (text not in known)
        known.add(text)
    assert len(seen) == len(known)


def test_a_hundred_thousand_are_told_apart_in_ten_bytes_more_or_less_for_each():
    seen = Seen()
    uids = [f"1.2.840.113619.2.5.{number}" for number in range(100_000)]
    assert all(seen.add(uid) for uid in uids)
    assert not any(seen.add(uid) for uid in uids)
    assert seen.size < 2_200_000
