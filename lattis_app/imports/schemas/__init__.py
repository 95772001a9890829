"""Schemas of imports."""
