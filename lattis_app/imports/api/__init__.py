"""REST of imports."""
