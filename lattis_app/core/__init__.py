"""The domain-free kit every package stands on."""
