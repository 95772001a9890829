"""Checking a document by the secret printed on it; nobody need be signed in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lattis_app.core.checks import CheckedDocument, find_by
from lattis_app.identity.permissions import open_to_anyone


@open_to_anyone
def find(session: Session, token: str) -> CheckedDocument:
    """The document whose check link has this secret. NotFound, in the same words, for anything else."""
    return find_by(session, token)
