"""Tables of identity."""

from lattis_app.identity.models.sessions import RefreshToken, UserSession
from lattis_app.identity.models.users import PermissionOverride, User

__all__ = ["PermissionOverride", "RefreshToken", "User", "UserSession"]
