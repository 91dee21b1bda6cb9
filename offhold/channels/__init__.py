"""The company's accounts on networks: credentials, health, watch-only or sending."""
