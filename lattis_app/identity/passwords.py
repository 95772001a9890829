"""Hashing of passwords, PINs and the identity data that drivers sign in with: Argon2id."""

from __future__ import annotations

from passlib.context import CryptContext

from lattis_app.core.normal import normal_ic, normal_name

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
STRENGTH = {
    "argon2__type": "ID",
    "argon2__time_cost": 2,
    "argon2__memory_cost": 19456,
    "argon2__parallelism": 1,
}
_secrets = CryptContext(schemes=["argon2"], **STRENGTH)


def hash_secret(secret: str) -> str:
    """The Argon2id hash to store."""
    return str(_secrets.hash(secret))


def matches(secret: str, stored: str | None) -> bool:
    """Whether the secret is the stored one; takes as long for an account that does not exist."""
    if stored is None:
        _secrets.dummy_verify()
        return False
    try:
        return bool(_secrets.verify(secret, stored))
    except ValueError:
        return False


def identity_secret(name: str, ic_number: str) -> str:
    """A driver's name and identity number as the secret they sign in with."""
    return f"{normal_name(name)}\n{normal_ic(ic_number, 'icNumber')}"
