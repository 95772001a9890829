"""Hashing of passwords, PINs and the identity data that drivers sign in with: Argon2id through passlib."""

from __future__ import annotations

from functools import cache

from passlib.hash import argon2

from lattis_app.core.normal import normal_ic, normal_name

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
argon2.set_backend("argon2_cffi")  # its lazy loading fails when the first two verifications overlap
_argon2id = argon2.using(type="ID", rounds=2, memory_cost=19456, parallelism=1)


def hash_secret(secret: str) -> str:
    """The Argon2id hash to store."""
    return str(_argon2id.hash(secret))


def matches(secret: str, stored: str | None) -> bool:
    """Whether the secret is the stored one; takes as long for an account that does not exist."""
    if stored is None:
        _argon2id.verify(secret, _nobody())
        return False
    return bool(_argon2id.verify(secret, stored))


@cache
def _nobody() -> str:
    return hash_secret("nobody has this secret")


def identity_secret(name: str, ic_number: str) -> str:
    """A driver's name and identity number as the secret they sign in with."""
    return f"{normal_name(name)}\n{normal_ic(ic_number, 'icNumber')}"
