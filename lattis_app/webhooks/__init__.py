"""Outgoing webhooks: events sent to other people's servers (contract: api.md, "Events → subscribers")."""
