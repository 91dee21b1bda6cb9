"""The sandbox: a small social network that ships with Offhold, and the connector that speaks to it."""
