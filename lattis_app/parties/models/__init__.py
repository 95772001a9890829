"""Tables of parties."""

from lattis_app.parties.models.parties import Party

__all__ = ["Party"]
