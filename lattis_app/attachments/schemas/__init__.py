"""Schemas of attachments."""
