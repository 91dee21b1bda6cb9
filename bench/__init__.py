"""What Offhold does per second and per core, beside what this machine can do at best. docs/benchmarks.md tells how.

Each `bench/<name>.py` has `NAME`, `add_arguments(parser)` and `run(args) -> dict`; `offhold bench NAME` runs it.
"""
