"""People at work: the inbox, notes, what an agent does to a case."""
