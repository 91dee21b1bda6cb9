"""Finding what was said: words, phrases, people, handles and references, newest first."""
