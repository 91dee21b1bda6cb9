"""The only way out: reply, send, confirm."""
