"""The services of parties."""
