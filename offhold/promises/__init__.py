"""What we owe customers and by when."""
