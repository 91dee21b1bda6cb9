"""Scenarios: what people on this network do, written by us, played from a seed at any speed."""
