"""Whose rows an actor sees: a merchant's own, and the office's all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false

from lattis_app.core.actors import Actor
from lattis_app.core.errors import Invalid, NotFound
from lattis_app.identity.permissions import Role


def scoped(statement: Select[Any], actor: Actor, merchant_id: ColumnElement[Any]) -> Select[Any]:
    """The statement, narrowed to the merchant an actor stands for."""
    if actor.role != Role.MERCHANT:
        return statement
    return statement.where(false() if actor.subject_id is None else merchant_id == actor.subject_id)


def merchant_of(actor: Actor, asked: UUID | None) -> UUID:
    """The merchant a question is about: a merchant's own, or the one the office names. Raises NotFound, Invalid."""
    if actor.role != Role.MERCHANT:
        if asked is None:
            raise Invalid.field("merchant_id", "is required")
        return asked
    if actor.subject_id is None or asked not in (None, actor.subject_id):
        raise NotFound.record("Merchant", asked or "of this account")
    return actor.subject_id
