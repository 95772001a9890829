"""Pages for those who run the product."""
