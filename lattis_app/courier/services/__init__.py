"""The services of courier."""
