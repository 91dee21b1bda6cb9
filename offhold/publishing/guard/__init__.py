"""Is this the right thing to say, to the people who will read it? `look.look` answers; nothing here writes or sends."""
