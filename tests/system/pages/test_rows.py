"""What the pages for those who run the product show, as text."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from lattis_app.audit.schemas.entries import AuditOut
from lattis_app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from lattis_app.identity.schemas.users import UserOut
from lattis_app.system.pages import job_rows, user_rows
from lattis_app.system.pages.audit import audit_row
from lattis_app.system.schemas.jobs import JobOut, RunOut

AT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


def user(**changed: Any) -> UserOut:
    values = {
        "id": UUID(int=1), "name": "Aina", "email": "a@example.com", "phone": None, "role": "VIEWER", "status": "active",
        "active": True, "language": "ms", "subject_id": None, "has_password": True, "has_pin": False, "locked_until": None,
        "last_seen_at": AT, "grants": [], "denials": [], "permissions": sorted(ROLE_PERMISSIONS[Role.VIEWER]),
        "created_at": AT, "updated_at": AT,
    }  # fmt: skip
    return UserOut.model_validate(values | changed)


@pytest.mark.parametrize(
    ("changed", "status", "tone"),
    [
        ({}, "Active", "ok"),
        ({"active": False, "status": "inactive"}, "Inactive", "neutral"),
        ({"locked_until": AT}, "Locked", "warn"),
    ],
)
def test_a_user_is_shown_with_their_access(changed: dict[str, Any], status: str, tone: str) -> None:
    row = user_rows.user_row(user(**changed))
    assert (row["status"], row["status_tone"]) == (status, tone)
    assert (row["contact"], row["role"], row["last_seen"], row["language"]) == (
        "a@example.com", "Viewer", "16 Mar 2026, 10:00", "Bahasa Melayu",
    )  # fmt: skip


def test_each_right_says_where_it_comes_from() -> None:
    grants, denials = [Permission.RENTAL_BINS_READ], [Permission.PLATFORM_SEARCH_USE]
    shown = {right["id"]: right for right in user_rows.rights(user(grants=grants, denials=denials))}
    assert len(shown) == len(Permission)
    origins = {
        key: shown[key]["origin"]
        for key in (*grants, *denials, Permission.IDENTITY_PROFILE_MANAGE, Permission.AUDIT_LOG_READ)
    }
    assert list(origins.values()) == ["Granted", "Denied", "From the role", "No"]
    assert (shown["rental:bins:read"]["what"], shown["rental:bins:read"]["field"]) == (
        "Bins: read",
        "right.rental:bins:read",
    )


def test_the_form_of_rights_is_read_back() -> None:
    entry = user_rows.overrides({"right.rental:bins:read": "grant", "right.audit:log:read": "deny",
                                 "right.platform:jobs:read": "role", "reason": " Helps out "})  # fmt: skip
    assert (entry.grants, entry.denials, entry.reason) == (
        ["rental:bins:read"],
        ["audit:log:read"],
        "Helps out",
    )
    with pytest.raises(ValidationError):
        user_rows.overrides({"right.rental:everything:do": "grant"})


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("20 3 * * *", "daily at 03:20"), ("*/5 * * * *", "every 5 minutes"),
        ("0 6 * * mon", "every Monday at 06:00"), ("30 0 * * fri", "every Friday at 00:30"),
        ("0 6 * * mon-fri", "0 6 * * mon-fri"), ("0 6 1 * *", "0 6 1 * *"), ("15 * * * *", "every hour, 15 minutes past"),
        ("0 * * * *", "every hour"),
    ],
)  # fmt: skip
def test_a_schedule_is_said_in_words(cron: str, words: str) -> None:
    assert job_rows.schedule(cron) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(None, "–"), (0, "0 ms"), (999, "999 ms"), (3250, "3.2 s"), (119_999, "119.9 s"), (180_000, "3 min")],
)
def test_a_duration_is_said_in_words(milliseconds: int | None, words: str) -> None:
    assert job_rows.duration(milliseconds) == words


def test_a_job_that_never_ran_says_so() -> None:
    job = JobOut(
        name="core.forget_expired", title="Forget.", schedule="20 3 * * *", time_zone="Asia/Kuala_Lumpur",
        next_due_at=AT, last_run_at=None, last_status=None, last_duration_ms=None,
    )  # fmt: skip
    row = job_rows.job_row(job)
    assert (row["status"], row["last"], row["next"], row["took"]) == (
        "Not run yet",
        "–",
        "16 Mar 2026, 10:00",
        "–",
    )


def test_a_run_shows_what_it_counted_or_why_it_failed() -> None:
    values = {
        "id": UUID(int=2), "job": "core.forget_expired", "slot": "x", "as_of": AT, "preview": True, "requested_by": "",
        "status": "done", "claimed_at": AT, "started_at": AT, "finished_at": AT, "duration_ms": 12,
        "result": {"idempotency_keys": 3, "sessions": 0}, "error": "",
    }  # fmt: skip
    done = job_rows.run_row(RunOut.model_validate(values), "Forget")
    failed = job_rows.run_row(
        RunOut.model_validate(values | {"status": "failed", "result": None, "error": "No paper"}), "Forget"
    )
    assert (done["outcome"], done["kind"], done["by"]) == (
        "3 idempotency keys",
        "Preview",
        "Schedule",
    )
    assert (failed["outcome"], failed["status_tone"]) == ("No paper", "bad")


@pytest.mark.parametrize(
    ("action", "after", "what"),
    [
        ("status.issued", {"status": "issued"}, "Issued"),
        ("changed", {"on_stop": True, "notes": "x"}, "Changed: on stop, notes"),
        ("signed_in", {"device": "x"}, "Signed in"),
    ],
)
def test_an_audit_entry_says_what_happened(action: str, after: dict[str, Any], what: str) -> None:
    entry = AuditOut(
        id=UUID(int=3), seq=3, occurred_at=AT, actor_id=None, actor="Aina", actor_role="SALES_REP", action=action,
        entity="rental_delivery_orders", entity_id=UUID(int=4), label="DO-2026-00508", before=None, after=after,
        reason=None, request_id="r-1", address="",
    )  # fmt: skip
    row = audit_row(entry)
    assert (row["what"], row["record"], row["kind"], row["role"], row["address"]) == (
        what,
        "DO-2026-00508",
        "Delivery orders",
        "Sales rep",
        "–",
    )
    assert row["title"] == "Delivery orders · DO-2026-00508"
    unnamed = audit_row(entry.model_copy(update={"label": ""}))
    assert [unnamed[name] for name in ("record", "kind", "title")] == [
        "Delivery orders",
        "",
        "Delivery orders",
    ]
