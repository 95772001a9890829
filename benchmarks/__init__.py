"""Speed, measured side by side: this app against the least that could do the same work (README.md)."""
