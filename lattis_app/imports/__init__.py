"""Imports: files of records, checked line by line, kept as one batch that can be undone. Domains say what can be imported."""
