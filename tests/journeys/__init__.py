"""Stories told over HTTP, with every process real."""
