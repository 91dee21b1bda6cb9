"""The sandbox network itself: somebody else's system, in a process and a store of its own.

It takes nothing from Offhold, so that in tests it can be the oracle of what was really published and to whom.
Start it with `python -m offhold.networks.sandbox.world --port 0 --data DIR --ready-file FILE`.
"""
