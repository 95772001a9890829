"""The rules of courier."""
