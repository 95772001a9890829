"""Settling one merchant: what is eligible, what is left out of it, the totals as they change, and the invoice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from lattis_app.core.actors import Actor
from lattis_app.core.errors import DomainError, NotFound
from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.core.pagination import PageRequest
from lattis_app.core.schemas import parse
from lattis_app.courier.pages.counts import parcels as parcels_in_words
from lattis_app.courier.pages.parcel_rows import charges, row
from lattis_app.courier.pages.words import owed
from lattis_app.courier.queries import merchants, standings
from lattis_app.courier.queries import parcels as queries
from lattis_app.courier.schemas.invoices import InvoiceEntry
from lattis_app.courier.schemas.parcels import EligibleFilters, ParcelFilters, ParcelRow, ParcelSums
from lattis_app.courier.services import merchant_invoices as services
from lattis_app.courier.statuses import FinancialStatus
from lattis_app.identity.permissions import Permission
from lattis_app.ui import moments, toasts
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, link
from lattis_app.ui.columns import Column, ListSpec
from lattis_app.ui.conditions import only_while
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.layout import card, key_values, notice, page_header, stack
from lattis_app.ui.list_requests import Filter, ListRequest, Option
from lattis_app.ui.lists import Listing, ListMixin, as_id, display, wanted
from lattis_app.ui.money import money
from lattis_app.ui.pages import page
from lattis_app.ui.records import crumbs
from lattis_app.ui.states import empty, skeleton
from lattis_app.ui.tables import data_table, simple_table

MANAGE = Permission.COURIER_INVOICES_MANAGE
SHOWN = PageRequest(limit=20)
LIST = ListSpec(
    "eligible-parcels",
    (
        Column("tracking_number", "Tracking number", sortable=True, note="recipient"),
        Column("status", "Status", "badge"),
        Column("delivered_at", "Delivered", "date", sortable=True, priority=3),
        Column("collected", "Collected (RM)", "money"),
        Column("charges", "Charges (RM)", "money"),
        Column("net", "Payable (RM)", "money"),
    ),
    filters=(
        Filter("merchant_id", "Merchant"),
        Filter("from", "Delivered from", "date"),
        Filter("to", "Delivered to", "date"),
    ),
    search="Tracking number",
)
REFUSED = (Column("tracking_number", "Parcel"), Column("reason", "Why not", wraps=True))
LEFT = (
    Column("tracking_number", "Parcel", "link", note="recipient"),
    Column("why", "Why not now", wraps=True),
    Column("net", "Payable (RM)", "money"),
)
SUMS = (
    "parcels",
    "clearances",
    "cod_collected",
    "delivery_charges",
    "return_charges",
    "clearance",
    "payable",
)


def worth(parcel: ParcelRow) -> dict[str, int]:
    """What one parcel adds to the totals; a correction only what it changes."""
    if parcel.financial_status is FinancialStatus.CLEARANCE_PENDING:
        change = parcel.clearance_amount or 0
        return dict.fromkeys(SUMS, 0) | {"clearances": 1, "clearance": change, "payable": change}
    taken_back = parcel.return_charge if parcel.return_charge_applicable else 0
    return dict.fromkeys(SUMS, 0) | {
        "parcels": 1,
        "cod_collected": parcel.cod_collected_amount,
        "delivery_charges": charges(parcel) - taken_back,
        "return_charges": taken_back,
        "payable": parcel.net_payable,
    }


def eligible_row(parcel: ParcelRow) -> dict[str, str]:
    """One line of what would be settled; of a correction, what it changes."""
    shown = row(parcel)
    if parcel.financial_status is not FinancialStatus.CLEARANCE_PENDING:
        return shown
    change = Money(parcel.clearance_amount or 0, parcel.currency).figures()
    return shown | {
        "status": say("Correction"),
        "status_tone": "info",
        "collected": "–",
        "charges": "–",
        "net": change,
    }


def totals(sums: ParcelSums, left: dict[str, dict[str, int]], carried: int) -> dict[str, str]:
    """What the invoice would come to, without what is left out."""
    come = {name: getattr(sums, name) - sum(each[name] for each in left.values()) for name in SUMS}
    payable, corrected = come["payable"] + carried, come["clearances"]
    corrections = say("1 correction") if corrected == 1 else say("{count} corrections", count=corrected)
    corrections = corrections if corrected else ""

    def text(minor: int) -> str:
        return Money(minor, sums.currency).text()

    return {
        "count": str(come["parcels"] + come["clearances"]),
        "parcels": " · ".join(part for part in (parcels_in_words(come["parcels"]), corrections) if part),
        "corrections": corrections,
        "collected": text(come["cod_collected"]),
        "delivery": text(-come["delivery_charges"]),
        "returns": text(-come["return_charges"]),
        "clearance": text(come["clearance"]),
        "carried": text(carried) if carried else "",
        "payable": text(payable),
        "owed": owed(payable, sums.currency) if payable < 0 else "",
        "left": say("{count} left out", count=len(left)) if left else "",
    }


def held(session: Any, actor: Actor, merchant_id: UUID) -> list[dict[str, str]]:
    """The merchant's parcels that a dispute holds, with the reason."""
    found = queries.page(session, actor, ParcelFilters(merchant_id=merchant_id, disputed=True), SHOWN)
    return [
        row(each)
        | {
            "tracking_number_href": f"/courier/parcels?open={each.id}",
            "why": say("Disputed since {day}", day=moments.day(each.disputed_at)),
        }
        for each in found.rows
    ]


class Generate(ListMixin, rx.State):
    """One merchant's settlement in the making."""

    merchant: dict[str, str] = {}
    totals: dict[str, str] = {}
    held: list[dict[str, str]] = []
    refused: list[dict[str, str]] = []
    refusal: str = ""
    _left: dict[str, dict[str, int]] = {}
    _worth: dict[str, dict[str, int]] = {}
    _sums: ParcelSums | None = None
    _carried: int = 0

    def _spec(self) -> ListSpec:
        return LIST

    def _named(self) -> str:
        return str(self.router.url.query_parameters.get("merchant_id", ""))

    async def _prepare(self) -> None:
        try:
            found = await run(self, merchants.find, as_id(self._named()))
        except NotFound:
            self.merchant, self.totals, self.held = {}, {}, []
            return
        if self.merchant.get("id") != str(found.id):
            self._left, self.refused, self.refusal = {}, [], ""
        self.merchant = {
            "id": str(found.id),
            "name": found.name,
            "href": f"/courier/merchants?open={found.id}",
            "no_account": "" if found.bank_account_number else "true",
        }
        self.filter_options = {"merchant_id": [Option(value=str(found.id), label=found.name, note="")]}
        self._carried = (await run(self, standings.find, found.id)).carried
        self.held = await run(self, held, found.id)

    async def _fetch(self, request: ListRequest) -> Listing:
        if not self.merchant:
            raise NotFound.record("Merchant", self._named())
        filters = self._eligible(request)
        found = await run(self, queries.eligible, filters, wanted(request))
        self._sums = await run(self, queries.sum_eligible, filters)
        self._worth = {str(each.id): worth(each) for each in found.rows}
        self._tick(list(self._worth))
        return Listing(display(found, eligible_row), found.total)

    def _eligible(self, request: ListRequest) -> EligibleFilters:
        asked = {**request.filters, "merchant_id": self.merchant.get("id", "")}
        return parse(EligibleFilters, {"q": request.q, **asked})

    async def _show(self, request: ListRequest) -> None:
        await super()._show(request)
        self.chips = [chip for chip in self.chips if chip["key"] != "merchant_id"]

    def _tick(self, here: list[str]) -> None:
        self.selected = [each for each in here if each not in self._left]
        if self._sums is not None:
            self.totals = totals(self._sums, self._left, self._carried)

    @handler
    async def choose(self) -> Any:
        """Without a merchant in the address, go to where one is picked."""
        return None if self._named() else rx.redirect("/courier/settle", replace=True)

    @handler
    async def toggle_row(self, record_id: str) -> None:
        """Leave a parcel out, or take it in again."""
        if record_id in self._left:
            self._left = {name: each for name, each in self._left.items() if name != record_id}
        elif record_id in self._worth:
            self._left = {**self._left, record_id: self._worth[record_id]}
        self._tick([row["id"] for row in self.rows])

    @handler
    async def toggle_page(self) -> None:
        """Leave the parcels of this page out, or take them all in again."""
        here = {row["id"] for row in self.rows} & set(self._worth)
        others = {name: each for name, each in self._left.items() if name not in here}
        out = {} if here & set(self._left) else {name: self._worth[name] for name in here}
        self._left = others | out
        self._tick([row["id"] for row in self.rows])

    @handler
    async def take_all(self) -> None:
        """Leave nothing out."""
        self._left = {}
        self._tick([row["id"] for row in self.rows])

    @handler
    async def generate(self) -> Any:
        """Make the invoice, and show it; what can't be settled after all is named with its reason."""
        self.refused, self.refusal = [], ""
        request = self._request()
        narrowed = bool(request.q or self._left or set(request.filters) - {"merchant_id"})
        try:
            made = await run(self, _generate, self._eligible(request), frozenset(self._left), narrowed)
        except DomainError as refusal:
            named = refusal.details.get("parcels")
            if not named:
                raise
            self.refusal = refusal.message
            self.refused = [
                {
                    "id": str(each["parcel_id"]),
                    "tracking_number": str(each["tracking_number"] or "–"),
                    "reason": str(each["reason"]),
                }
                for each in named[: SHOWN.limit]
            ]
            await self._show(request)
            return None
        return [
            toasts.done(say("{number} generated", number=made[1])),
            rx.redirect(f"/courier/invoices?open={made[0]}"),
        ]


def _generate(
    session: Any, actor: Actor, filters: EligibleFilters, left: frozenset[str], narrowed: bool
) -> tuple[str, str]:
    """Invoice all eligible parcels, or those that fit the filters without what is left out."""
    merchant_id = filters.merchant_id
    chosen = None
    if narrowed:
        found = queries.eligible_ids(session, actor, filters)
        chosen = [str(each) for each in found if str(each) not in left]
    entry = parse(
        InvoiceEntry,
        {"merchant_id": str(merchant_id)} | ({"parcel_ids": chosen} if chosen is not None else {}),
    )
    made = services.generate(session, actor, entry)
    return str(made.id), made.invoice_no


@page("/courier/generate", "Settle a merchant", MANAGE, on_load=[Generate.choose, Generate.load])
def generate() -> rx.Component:
    """The eligible parcels with the totals beside them."""
    state = Generate
    name = rx.cond(state.loaded, "Settle a merchant", skeleton("190px", "20px"))
    return rx.fragment(
        page_header(
            rx.cond(state.merchant["name"], state.merchant["name"], name),
            "Untick what should wait. The rest goes on one invoice.",
            crumbs=crumbs(("Settle", "/courier/settle")),
        ),
        only_while(state.refusal != "", _refused()),
        rx.el.div(
            stack(_parcels(), _held()),
            only_while(state.problem == "", _totals()),
            class_name="grid-main needs-first",
        ),
    )


def _parcels() -> rx.Component:
    return data_table(
        Generate,
        LIST,
        label="Parcels to settle",
        nothing=empty(
            "Nothing to settle",
            "Every parcel of this merchant is on the way, on an invoice already, or held by a dispute.",
            button("Settle another merchant", href="/courier/settle"),
            glyph="package-check",
        ),
        picks=True,
        opens_record=False,
    )


def _held() -> rx.Component:
    return only_while(
        Generate.held.length() > 0,
        rx.el.section(
            rx.el.div(
                rx.el.h2("Not in this settlement"),
                link("Answer disputes", "/courier/disputes?status=OPEN"),
                class_name="card-head",
            ),
            simple_table(LEFT, Generate.held, label="Not in this settlement"),
        ),
    )


def _refused() -> rx.Component:
    return stack(
        notice("Nothing was generated", Generate.refusal, tone="bad"),
        simple_table(REFUSED, Generate.refused, label="Parcels that can't be settled"),
        tight=True,
    )


def _totals() -> rx.Component:
    state, shown = Generate, Generate.totals
    return card(
        rx.el.p(shown["parcels"], class_name="muted"),
        _sums(shown),
        _warnings(shown),
        only_while(
            shown["left"],
            rx.el.div(
                badge(shown["left"], "info"),
                button("Take all in", small=True, on_click=state.take_all),
                class_name="row row-between",
            ),
        ),
        button(
            "Generate the invoice",
            kind="primary",
            on_click=state.generate,
            disabled=(shown["count"] == "0") | ~state.loaded,
            class_name="btn-mid",
        ),
        title="The invoice",
        class_name="stack-tight",
        style={"align_self": "start"},
    )


def _sums(shown: Any) -> rx.Component:
    corrections = key_values(("Corrections", money(shown["clearance"])), figures=True)
    carried = key_values(("Carried forward", money(shown["carried"])), figures=True)
    return rx.fragment(
        key_values(
            ("Collected", money(shown["collected"])),
            ("Delivery charges", money(shown["delivery"])),
            ("Return charges", money(shown["returns"])),
            figures=True,
        ),
        only_while(shown["corrections"], corrections),
        only_while(shown["carried"], carried),
        key_values((rx.el.b("Payable"), money(shown["payable"], strong=True)), figures=True),
    )


def _warnings(shown: Any) -> rx.Component:
    return rx.fragment(
        only_while(
            shown["owed"],
            notice(shown["owed"], "The invoice can't be paid out: the next one takes it off.", tone="warn"),
        ),
        only_while(
            Generate.merchant["no_account"],
            notice("No bank account", "It is missing for the bank transfer.", tone="warn"),
        ),
    )
