"""Arrivals become messages, conversations, cases."""
