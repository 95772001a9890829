"""The schemas of the rental domain."""
