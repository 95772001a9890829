"""REST of webhooks."""
