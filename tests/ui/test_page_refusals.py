"""Every event of the pages of money, people and jobs: refused without a session or a role, and when it is forged."""

import asyncio
from uuid import UUID

import pytest

from lattis_app.core.actors import SYSTEM
from lattis_app.identity.pages.profile import ProfileState
from lattis_app.identity.permissions import Role
from lattis_app.rental.pages.business import BusinessProfile
from lattis_app.rental.pages.charges import Charges
from lattis_app.rental.pages.collection_reminders import CollectionReminders
from lattis_app.rental.pages.commissions import Commissions
from lattis_app.rental.pages.delivery_orders import DeliveryOrders
from lattis_app.rental.pages.expenses import Expenses
from lattis_app.rental.pages.invoices import Invoices
from lattis_app.rental.pages.lorry_trips import LorryTrips
from lattis_app.rental.pages.payments import Payments
from lattis_app.rental.pages.price_cards import PriceCards
from lattis_app.rental.pages.rentable_lorries import RentableLorries
from lattis_app.rental.pages.waste_items import WasteItems
from lattis_app.rental.services import invoices
from lattis_app.system.pages.audit import AuditState
from lattis_app.system.pages.jobs import JobsState
from lattis_app.system.pages.users import UsersState
from tests.factories.rental_delivery_orders import make_delivery_order
from tests.ui.pipeline import pipeline
from tests.ui.visits import everything, handlers_of, signed_in, stay

PAGES = [
    DeliveryOrders,
    Invoices,
    Payments,
    Commissions,
    Expenses,
    Charges,
    CollectionReminders,
    LorryTrips,
    PriceCards,
    RentableLorries,
    WasteItems,
    BusinessProfile,
    UsersState,
    JobsState,
    AuditState,
]
ARRANGES = ("keep_view", "forget_view")
"""A reader's own views are everybody's right."""
FORM = {
    "reason": "Because",
    "amount": "1",
    "method": "CASH",
    "name": "Eve",
    "role": "ADMIN",
    "password": "long enough",
}
WRONG = {dict: "text", str: {"a": 1}, int: "one", bool: {"a": 1}}


def fitting(hints, record_id):
    """Arguments as the page itself would send them."""
    made = {dict: FORM, str: record_id, int: 1, bool: False}
    return {name: made.get(getattr(hint, "__origin__", hint), "delivered") for name, hint in hints.items()}


def forged(hints):
    """Arguments of other types than the page sends."""
    return {name: WRONG.get(getattr(hint, "__origin__", hint), {"a": 1}) for name, hint in hints.items()}


@pytest.fixture
def invoice(session, clock):
    order = make_delivery_order(session, introducer_name="Mdm Chew")
    made = invoices.make_from_order(session, SYSTEM, order.id)
    session.flush()
    return made


def send_all(state, cookie, arguments, *, open_id=""):
    """Send every event of a page's state, each after the record was opened; answers name → what was told."""

    async def perform():
        told = {}
        async with pipeline() as tab:
            for name, hints in handlers_of(state):
                if open_id and name != "open_record" and hasattr(state, "open_record"):
                    await stay(tab, state, cookie, ("open_record", {"record_id": open_id}))
                told[name] = await tab.send(
                    f"{state.get_full_name()}.{name}", cookie=cookie, **arguments(hints)
                )
        return told

    return asyncio.run(perform())


@pytest.mark.parametrize("state", [*PAGES, ProfileState])
def test_nobody_signed_in_gets_or_changes_nothing(session, invoice, state):
    before = everything(session)
    told = send_all(state, "made up", lambda hints: fitting(hints, str(invoice.id)))
    assert len(told) >= 2
    assert not any(answer.of(state) for answer in told.values())
    assert all("/sign-in?" in answer.said for answer in told.values())
    assert everything(session) == before


@pytest.mark.parametrize("state", PAGES)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.DRIVER])
def test_a_role_without_the_right_sees_no_rows_and_changes_nothing(session, invoice, state, role):
    cookie = signed_in(session, role)
    before = everything(session)
    shown = {"id": str(invoice.id), "do": str(invoice.delivery_order_id)}
    wanted = shown["do"] if state is DeliveryOrders else shown["id"]
    told = send_all(
        state,
        cookie,
        lambda hints: fitting(hints, wanted) if set(hints) != {"name"} else {"name": ""},
        open_id=wanted,
    )
    for answer in told.values():
        assert answer.of(state).get("rows", []) == []
        assert not any(
            each in str(answer.of(state).get(part, ""))
            for each in shown.values()
            for part in ("record", "facts")
        )
    assert {name: each for name, each in everything(session).items() if name != "saved_views"} == {
        name: each for name, each in before.items() if name != "saved_views"
    }


@pytest.mark.parametrize("state", [*PAGES, ProfileState])
def test_forged_arguments_and_ids_of_nothing_change_nothing(session, invoice, state, caplog):
    cookie = signed_in(session)
    before = everything(session)
    send_all(state, cookie, forged)
    nothing = str(UUID(int=7))
    ids_of_nothing = send_all(
        state,
        cookie,
        lambda hints: dict.fromkeys(hints, nothing) if set(hints.values()) <= {str} else forged(hints),
    )
    assert ids_of_nothing
    assert everything(session) == before
