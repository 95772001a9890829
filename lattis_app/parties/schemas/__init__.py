"""The schemas of parties."""
