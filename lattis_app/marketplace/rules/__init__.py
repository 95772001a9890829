"""What marketplace decides, as pure functions of values."""
