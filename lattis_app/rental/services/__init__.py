"""The services of the rental domain."""
