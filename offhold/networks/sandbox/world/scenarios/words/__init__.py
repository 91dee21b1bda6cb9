"""What people say, by subject and language. Each module holds patterns; `details` makes what changes from text to text."""
