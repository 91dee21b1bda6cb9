"""Pledges: whoever asks for a human reaches one. Each step is an entry in a record that nobody can change afterwards.

No other path than these leads from *asked* to an end: constraints and triggers of the tables hold that, whoever writes.
"""
