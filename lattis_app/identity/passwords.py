"""Hashing of passwords, PINs and the identity data that drivers sign in with: Argon2id."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lattis_app.core.normal import normal_ic, normal_name

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
_argon2id = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_secret(secret: str) -> str:
    """The Argon2id hash to store."""
    return _argon2id.hash(secret)


def matches(secret: str, stored: str | None) -> bool:
    """Whether the secret is the stored one; takes as long for an account that does not exist."""
    try:
        _argon2id.verify(stored or _nobody(), secret)
        return stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hash_secret("nobody has this secret")


def identity_secret(name: str, ic_number: str) -> str:
    """A driver's name and identity number as the secret they sign in with."""
    return f"{normal_name(name)}\n{normal_ic(ic_number, 'icNumber')}"
