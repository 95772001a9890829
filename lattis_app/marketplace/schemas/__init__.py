"""What goes in and out of marketplace."""
