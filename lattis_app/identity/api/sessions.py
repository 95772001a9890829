"""Signing in and out over REST, and one's own profile."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.identity.attempts import count_attempt
from lattis_app.identity.queries import profiles as queries
from lattis_app.identity.schemas.sessions import (
    DriverSignInEntry,
    ProfileEntry,
    ProfileOut,
    RefreshEntry,
    SignedInOut,
    SignedOutOut,
    SignInEntry,
    UserSummary,
)
from lattis_app.identity.services import profiles, sessions
from lattis_app.web.routing import Routes

routes = Routes("Sessions")
Device = Annotated[str, Header(alias="User-Agent", include_in_schema=False)]


@routes.public("/auth/login", sessions.sign_in)
def sign_in(entry: SignInEntry, device: Device = "") -> SignedInOut:
    count_attempt(entry.email or entry.phone or "")
    return _tokens(sessions.sign_in(entry, device))


@routes.public("/auth/driver-login", sessions.sign_in_driver)
def sign_in_driver(entry: DriverSignInEntry, device: Device = "") -> SignedInOut:
    count_attempt(entry.phoneNumber)
    return _tokens(sessions.sign_in_driver(entry, device))


@routes.public("/auth/refresh", sessions.refresh)
def refresh(entry: RefreshEntry) -> SignedInOut:
    return _tokens(sessions.refresh(entry.refresh_token))


@routes.post("/auth/logout", sessions.sign_out)
def sign_out(session: Session, actor: Actor) -> SignedOutOut:
    sessions.sign_out(session, actor)
    return SignedOutOut()


@routes.get("/me", queries.find)
def me(session: Session, actor: Actor) -> ProfileOut:
    return queries.find(session, actor)


@routes.patch("/me", profiles.update)
def update(session: Session, actor: Actor, entry: ProfileEntry) -> ProfileOut:
    profiles.update(session, actor, entry)
    session.flush()
    return queries.find(session, actor)


def _tokens(signed_in: sessions.SignedIn) -> SignedInOut:
    return SignedInOut(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.expires_in,
        user=UserSummary.model_validate(signed_in.user),
    )
