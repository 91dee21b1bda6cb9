"""The desk in Chromium, by keyboard, against every real process: web, worker, and the sandbox network."""
