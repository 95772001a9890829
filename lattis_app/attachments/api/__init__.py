"""Attachments over REST."""
