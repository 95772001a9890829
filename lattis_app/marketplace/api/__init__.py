"""The REST API of the marketplace domain."""
