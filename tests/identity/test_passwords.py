"""Secrets are kept as Argon2id hashes of the strength that OWASP asks for."""

from passlib.context import CryptContext

from lattis_app.identity import passwords


def test_hashes_are_as_strong_as_they_should_be() -> None:
    kept = CryptContext(schemes=["argon2"], **passwords.STRENGTH).hash("secret")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches("secret", kept)
    assert not passwords.matches("Secret", kept)
    assert not passwords.matches("secret", None)
    assert not passwords.matches("secret", "secret")
