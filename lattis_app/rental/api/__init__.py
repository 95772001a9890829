"""The REST API of the rental domain."""
