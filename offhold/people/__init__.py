"""Workspace, team, roles, sign-in, audit."""
