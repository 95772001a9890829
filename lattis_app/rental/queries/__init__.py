"""The queries of the rental domain."""
