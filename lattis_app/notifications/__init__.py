"""Notifications: what a person should know, in the application; later also by mail and message."""
