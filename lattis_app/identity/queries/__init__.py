"""What identity tells."""
