"""Every client operation on every server of the field: what is done, with what, and how the README says it.

::

    collection.py  the instances that the servers hold      recorder.py    what the client asked
    bench.py       one server and the client in front       operations.py  one function for each row
    matrix.py      the table in README.md

The tests compare each cell with the README; ``python3 Testing/matrix.py`` writes it anew.
"""
