"""The services of notifications."""
