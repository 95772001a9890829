"""What courier is given and answers."""
