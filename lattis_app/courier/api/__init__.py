"""REST of courier."""
