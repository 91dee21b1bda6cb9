"""The command `offhold`: one small file for each of its commands."""
