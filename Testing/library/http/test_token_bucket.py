"""A server that takes so many requests a second is sent no more."""

from DICOMWebNodesLib.dicomweb.token_bucket import TokenBucket


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_burst_starts_at_once_and_the_rest_at_the_rate():
    bucket = TokenBucket(50, 100, Clock())
    assert [bucket.take() for _ in range(100)] == [0.0] * 100
    assert [round(bucket.take(), 3) for _ in range(3)] == [0.02, 0.04, 0.06]


def test_after_a_pause_a_burst_may_start_again_and_no_more_than_that():
    clock = Clock()
    bucket = TokenBucket(10, 2, clock)
    assert [bucket.take() for _ in range(2)] == [0.0, 0.0]
    clock.now += 3600
    assert [bucket.take() for _ in range(3)] == [0.0, 0.0, 0.1]


def test_most_servers_have_no_such_limit():
    bucket = TokenBucket(0, 1)
    assert {bucket.take() for _ in range(1000)} == {0.0}
