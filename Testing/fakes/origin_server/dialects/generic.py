"""The standard, and what it leaves to the server: a cap that is told with Warning 299."""

from ..dialect import Dialect


def dialect() -> Dialect:
    return Dialect(max_results=1000)
