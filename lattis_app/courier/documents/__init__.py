"""What courier prints."""
