"""What marketplace does when something has happened."""
