"""Does a customer ask for a human? Whoever does is owed one."""
