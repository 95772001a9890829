"""The schemas of the audit log."""
