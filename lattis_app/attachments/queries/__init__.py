"""The queries of attachments."""
