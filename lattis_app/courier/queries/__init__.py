"""The queries of courier."""
