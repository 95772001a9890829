"""Any courier record is found by what people remember of it, and only by those who may see it."""

import pytest
from sqlalchemy.orm import Session

from lattis_app.core.actors import Actor
from lattis_app.courier.queries import search
from lattis_app.identity.permissions import Role
from tests.factories.courier import make_invoice, make_merchant, make_parcel
from tests.factories.identity import make_actor


@pytest.fixture
def batik(session: Session, clock):
    merchant = make_merchant(session, code="MELATI")
    parcel = make_parcel(session, merchant, tracking_number="TRK900001", recipient_name="Siti")
    make_invoice(session, merchant, parcel)
    make_parcel(
        session, make_merchant(session, name="Another Shop", code="OTHER"), tracking_number="TRK900002"
    )
    return merchant


def found(session: Session, actor: Actor, words: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.title, each.text) for each in search.find(session, actor, words)]


@pytest.mark.parametrize(
    ("words", "records"),
    [
        ("batik", [("merchant", "Kedai Batik Melati", "MELATI")]),
        (
            "trk9",
            [("parcel", "TRK900001", "delivered · Siti"), ("parcel", "TRK900002", "delivered")],
        ),
        ("inv-2026-03", [("merchant_invoice", "INV-2026-03-0001", "Kedai Batik Melati")]),
        ("nobody", []),
        ("'; drop", []),
    ],
)
def test_the_office_finds_merchants_parcels_and_invoices(session, admin, batik, words, records) -> None:
    assert found(session, admin, words) == records


def test_a_merchant_finds_only_its_own(session: Session, batik) -> None:
    own = make_actor(session, Role.MERCHANT, subject_id=batik.id)
    assert [title for _, title, _ in found(session, own, "trk9")] == ["TRK900001"]
    assert found(session, own, "another") == []
    nobody = make_actor(session, Role.MERCHANT)
    assert found(session, nobody, "trk9") == found(session, nobody, "inv-2026") == []


@pytest.mark.parametrize("role", [Role.DRIVER, Role.SELLER, Role.VIEWER])
def test_others_find_nothing(session: Session, batik, role: Role) -> None:
    assert found(session, make_actor(session, role), "trk9") == []
