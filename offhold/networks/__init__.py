"""One folder per network; each says what it can do and is the only code that speaks to that network."""
