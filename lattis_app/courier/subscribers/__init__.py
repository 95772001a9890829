"""What courier does when something has happened; one module per concern, each registers itself."""
