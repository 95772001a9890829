"""Parties over REST."""
