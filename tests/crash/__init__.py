"""What survives a kill: everything that was answered, once."""
