"""Pages of the courier."""
