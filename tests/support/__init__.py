"""What tests stand on: a throw-away database, builders of rows, real processes on free ports."""
