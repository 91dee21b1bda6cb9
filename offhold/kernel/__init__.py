"""Nouns without a home: facts, errors, clock, ids, secrets, db."""
