"""The pages of the rental domain."""
