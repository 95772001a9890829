"""The queries of parties."""
