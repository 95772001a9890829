"""The services of attachments."""
