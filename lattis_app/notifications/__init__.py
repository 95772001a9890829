"""Notifications: what a person should know, in the application, by e-mail, SMS or WhatsApp, as they chose."""
