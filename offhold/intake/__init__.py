"""The log of everything that arrived, exactly once."""
