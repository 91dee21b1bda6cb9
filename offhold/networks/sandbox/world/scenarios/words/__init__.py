"""What people say, by subject and language: patterns, and `details` that make each sentence somebody's own."""
