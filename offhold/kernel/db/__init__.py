"""How Offhold speaks to PostgreSQL: roles, row-level security, one transaction for one request or job."""
