"""Access tokens (JWT, 15 minutes, one pinned algorithm) and the random tokens of cookies and refreshes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import jwt

from lattis_app.core import clock
from lattis_app.core.errors import Unauthorized
from lattis_app.core.settings import settings

ALGORITHM = "HS256"
ACCESS_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Whose token it is and to which session it belongs."""

    user_id: UUID
    session_id: UUID


def make_access_token(user_id: UUID, role: str, session_id: UUID) -> str:
    """Sign an access token for one session."""
    issued = clock.now()
    claims = {
        "sub": str(user_id),
        "role": role,
        "sid": str(session_id),
        "jti": uuid4().hex,
        "iat": int(issued.timestamp()),
        "exp": int((issued + ACCESS_LIFETIME).timestamp()),
    }
    return jwt.encode(claims, settings().secret("jwt_secret"), ALGORITHM)


def read_access_token(token: str) -> AccessClaims:
    """Check signature, algorithm and expiry. Raises Unauthorized."""
    try:
        claims = _signed(token, settings().secret("jwt_secret"))
        if int(claims["exp"]) <= clock.now().timestamp():
            raise Unauthorized("The access token has expired")
        return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise Unauthorized("The access token is not valid") from error


@lru_cache(maxsize=4096)
def _signed(token: str, secret: str) -> dict[str, Any]:
    """What a token says, its signature checked; the same token says the same whenever it is sent."""
    claims: dict[str, Any] = jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        options={
            "require": ["sub", "role", "sid", "jti", "iat", "exp"],
            "verify_exp": False,
            "verify_iat": False,
        },
    )
    return claims


def make_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(session_id: UUID) -> str:
    """The token a form of this session must carry."""
    return hmac.new(settings().secret("cookie_secret").encode(), session_id.bytes, hashlib.sha256).hexdigest()


def is_csrf_token(session_id: UUID, token: str) -> bool:
    """Whether a form's token belongs to this session."""
    return hmac.compare_digest(csrf_token(session_id).encode(), token.encode())
