"""Tables of identity."""

from lattis_app.identity.models.saved_views import SavedView
from lattis_app.identity.models.sessions import RefreshToken, UserSession
from lattis_app.identity.models.users import PermissionOverride, User

__all__ = ["PermissionOverride", "RefreshToken", "SavedView", "User", "UserSession"]
