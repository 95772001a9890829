"""Pages of identity, and what lists remember of their readers."""
