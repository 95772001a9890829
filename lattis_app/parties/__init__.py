"""Parties: one record per person or company, shared by every domain that does business with it."""
