"""How fast and how lean the library is, in ratios: ``python3 Testing/benchmarks/run.py --help``.

::

    run.py           the command             benchmark.py   what a benchmark is: contenders, targets, a place to run
    cases/           one file each           figures.py     from runs to ratios, with their noise
    measure.py       processes, measured     report.py      the table, the JSON, RESULTS.md
    clients.py       who is measured         servers.py     whom they ask: Orthanc, the origin servers, a delay
    studies.py       what is moved           growth_plot.py the picture of the growth

Every contender is a process of its own, so that its memory is its own.
"""
