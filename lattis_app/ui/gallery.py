"""Every part of the kit in its states, to look at and to test against; at /_gallery. Not part of the product's navigation."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import reflex as rx

from lattis_app.ui import toasts
from lattis_app.ui.badges import badge, count
from lattis_app.ui.buttons import button, download_button, icon_button, menu, menu_item, menu_line, segmented
from lattis_app.ui.columns import Column
from lattis_app.ui.dialogs import confirm, confirm_button
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.forms import Fields, form_sheet, section, side_by_side, upload
from lattis_app.ui.handlers import handler
from lattis_app.ui.kpis import fall, kpi, kpi_row, rise
from lattis_app.ui.layout import (
    card,
    halves,
    key_values,
    main_and_side,
    needs_you,
    notice,
    page_header,
    row,
    stack,
)
from lattis_app.ui.list_requests import Option
from lattis_app.ui.money import money_lines
from lattis_app.ui.pages import page
from lattis_app.ui.records import HistoryRow, PhotoRow, Step, history, lifecycle_strip, photos
from lattis_app.ui.states import empty, failed, forbidden, progress, skeleton, skeleton_block
from lattis_app.ui.tables import simple_table

TODAY = (
    (
        "09:00",
        "ABC Construction Sdn Bhd",
        "ASR100 · 4×12×6",
        "Ahmad Rahman · WXY 4521",
        "Started",
        "info",
        "350.00",
    ),
    ("10:30", "Setia Build Sdn Bhd", "ASR118 · 6×14×6", "Lim Wei · WA 8890 K", "Delivered", "ok", "520.00"),
    ("11:00", "Kedai Perabot Maju", "any 4×12×6", "Not assigned", "Confirmed", "neutral", "350.00"),
)
TODAY_COLUMNS = (
    Column("time", "Today", "date"),
    Column("customer", "Customer"),
    Column("bin", "Bin", priority=2),
    Column("driver", "Driver · lorry", priority=2),
    Column("status", "Status", "badge"),
    Column("amount", "Amount", "money"),
)


def _picture(hue: int) -> str:
    shapes = f'<rect width="100" height="100" fill="hsl({hue} 18% 72%)"/><path d="M15 40h70l-8 38H23z" fill="hsl({hue} 30% 38%)"/>'
    return "data:image/svg+xml," + quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="0 0 100 100">{shapes}</svg>'
    )


class GalleryState(FormMixin, rx.State):
    """Samples."""

    period: str = "30"
    today: list[dict[str, str]] = []
    steps: list[Step] = []
    stopped: list[Step] = []
    events: list[HistoryRow] = []
    pictures: list[PhotoRow] = []
    options: list[Option] = []
    lines: list[dict[str, str]] = []

    @handler
    async def load(self) -> None:
        """Fill the samples."""
        keys = ("time", "customer", "bin", "driver", "status", "status_tone", "amount")
        self.today = [dict(zip(keys, line, strict=True)) for line in TODAY]
        states = (
            ("Issued", "done"),
            ("Pending invoice", "current"),
            ("Invoiced", "todo"),
            ("Closed", "todo"),
        )
        self.steps = [Step(label=label, state=state) for label, state in states]
        self.stopped = [Step(label="Issued", state="done"), Step(label="Cancelled", state="stopped")]
        self.events = [
            HistoryRow(what="Weight corrected", who="Aina", when="21 Nov 2026, 11:02", field="Weight", before="1,200 kg",
                       after="1,400 kg", reason="Scale ticket 4471"),
            HistoryRow(what="Delivered", who="Ahmad Rahman", when="21 Nov 2026, 09:42", field="", before="", after="", reason=""),
        ]  # fmt: skip
        self.pictures = [
            PhotoRow(small=_picture(hue), large=_picture(hue), caption=words)
            for hue, words in ((170, "Serial visible"), (40, "Whole site"), (210, "Gate"))
        ]
        self.options = [
            Option(value="1", label="ABC Construction Sdn Bhd", note="012-345 6789 · Puchong"),
            Option(value="2", label="Setia Build Sdn Bhd", note="03-7788 9900 · Subang"),
        ]
        self.lines = [
            {"text": "Construction debris", "quantity": "1 load", "amount": "350.00"},
            {"text": "Collected by driver", "quantity": "", "amount": "−100.00"},
        ]

    @handler
    async def choose_period(self, period: str) -> None:
        """Change the period."""
        self.period = period

    @handler
    async def show_toasts(self) -> Any:
        """One toast of each kind."""
        return [
            toasts.done(
                "Invoice INV-2026-00012 issued", "RM 350.00, due 21 Dec 2026", undo=GalleryState.load
            ),
            toasts.told("12 charges were added to the next invoice"),
            toasts.warned("Saved, but the road tax of WXY 4521 expires in 3 days"),
            toasts.refused("The bin ASR100 is not free", "Next free 4×12×6: Tuesday 24 November"),
        ]

    @handler
    async def refuse(self, form: dict[str, Any]) -> None:
        """Refuse the form, to show errors."""
        self.errors = {"amount": "Must be more than zero", "customer_id": "Choose one from the list"}
        self.form_error = "Credit limit reached: RM 12,000.00 of RM 10,000.00"
        self.attempt += 1


@page("/_gallery", "Gallery", on_load=GalleryState.load)
def gallery() -> rx.Component:
    """All parts, section by section."""
    state = GalleryState
    periods = segmented(
        (("7", "7 days"), ("30", "30 days"), ("365", "Year")),
        state.period,
        state.choose_period,
        label="Period",
    )
    return rx.fragment(
        page_header(
            "Good morning, Nurul",
            "Saturday 21 November · 14 jobs today, 4 not assigned",
            periods,
            button("New booking", kind="primary", glyph="plus", opens="gallery-sheet"),
        ),
        _figures(),
        main_and_side(_board(), _needs()),
        simple_table(TODAY_COLUMNS, state.today, label="Today"),
        _pressed(),
        _notices(),
        halves(_record(), _facts()),
        _states(),
        _sheet(),
        confirm(
            "gallery-confirm",
            "Void invoice INV-2026-00012?",
            "The delivery order goes back to waiting for an invoice. This cannot be undone.",
            action="Void invoice",
            reason="Reason",
            on_confirm=state.refuse,
            attempt=state.attempt,
        ),
    )


def _figures() -> rx.Component:
    return kpi_row(
        kpi(
            "Sales",
            "RM 184,320.00",
            "against the 30 days before",
            trend=rise("▲ 12.4 %"),
            href="/rental/invoices",
        ),
        kpi("Collected", "RM 151,075.50", "82 % of sales · cash RM 38,400.00", href="/rental/payments"),
        kpi(
            "Outstanding",
            "RM 46,210.00",
            "over 30 days · 7 customers",
            trend=fall("RM 9,850.00"),
            href="/rental/invoices",
        ),
        kpi("Bins out", "38", "3 overdue for collection", unit="of 50", href="/rental/bins"),
    )


def _needs() -> rx.Component:
    return card(
        needs_you(
            "bad", "Expired", "WXY 4521 · road tax", "Can't be assigned until renewed", "/rental/lorries"
        ),
        needs_you(
            "warn",
            "Unbilled",
            "12 charges · RM 3,480.00",
            "Overrun days, overweight, 2 failed trips",
            "/rental/invoices",
        ),
        needs_you(
            "warn",
            "Overdue",
            "Setia Build Sdn Bhd · RM 4,200.00",
            "INV-2026-00871 · 14 days",
            "/rental/invoices",
        ),
        needs_you("info", "Cash", "Ahmad Rahman holds RM 1,150.00", "Hand-over due today", "/rental/drivers"),
        title="Needs you",
        more=rx.el.a("All 9", href="#", class_name="link"),
    )


def _job(name: str, what: str, when: str, status: str, tone: Any) -> rx.Component:
    meta = rx.el.span(rx.el.span(when, class_name="num"), badge(status, tone), class_name="job-meta")
    return rx.el.div(rx.el.b(name), rx.el.span(what), meta, class_name="job", data_tone=tone)


def _lane(name: str, number: str, *jobs: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.div(name, rx.el.span(number), class_name="lane-head"), *jobs, class_name="lane")


def _board() -> rx.Component:
    return card(
        rx.el.div(
            _lane("Ahmad Rahman", "3 of 6", _job("ABC Construction", "Deliver ASR100 · Puchong", "09:00", "Started", "info"),
                 _job("Pembinaan Jaya", "Collect ASR131 · Klang", "12:00", "Assigned", "neutral")),
            _lane("Lim Wei", "4 of 6", _job("Setia Build", "Deliver ASR118 · Subang", "10:30", "Delivered", "ok")),
            _lane("Outstanding", "1", _job("Villa Damai", "Collect ASR077 · from yesterday", "Gate locked", "Failed", "warn")),
            class_name="lanes",
            tab_index=0,
            role="group",
            aria_label="Dispatch",
        ),
        title="Dispatch",
    )  # fmt: skip


def _pressed() -> rx.Component:
    return card(
        row(
            button("Issue invoice", kind="primary"),
            button("Print", glyph="printer"),
            button("Quiet", kind="ghost"),
            button("Cancel order", kind="danger"),
            confirm_button("Void", "gallery-confirm", kind="danger"),
            button("Not now", disabled=True),
            button("Saving", kind="primary", data_loading="true"),
            button("Small", small=True),
            icon_button("ellipsis", "More"),
            download_button("PDF", "#"),
            menu("Options", "gallery-menu", menu_item("Copy link", glyph="link"), menu_line(),
                 menu_item("Delete", glyph="trash-2", tone="bad")),
            button("Toasts", on_click=GalleryState.show_toasts),
        ),
        rx.el.div(style={"height": "12px"}),
        row(*[badge(t.capitalize(), t) for t in ("ok", "warn", "bad", "info", "neutral")], count(12)),
        title="Pressed and read",
    )  # fmt: skip


def _notices() -> rx.Component:
    return stack(
        notice(
            "Customer on stop",
            "Two invoices are over 60 days. New bookings need an administrator.",
            tone="bad",
        ),
        notice("Road tax of WXY 4521 expires in 3 days", tone="warn", action=button("Renew", small=True)),
        notice("This looks like ABC Construction (3 matches)", "Same phone number.", tone="info"),
        tight=True,
    )


def _record() -> rx.Component:
    state = GalleryState
    return card(
        stack(
            lifecycle_strip(state.steps),
            lifecycle_strip(state.stopped),
            history(state.events),
            photos(state.pictures),
        ),
        title="Record",
    )


def _facts() -> rx.Component:
    return card(
        stack(
            key_values(
                ("Customer", "ABC Construction Sdn Bhd"),
                ("Book number", "AS-2026-00123"),
                ("Weight", "1,200 kg"),
            ),
            money_lines(GalleryState.lines, ("To pay", "RM 250.00")),
            progress(38, 120, label="Importing customers"),
            stack(skeleton("60%"), skeleton("85%"), skeleton_block("70px"), tight=True),
        ),
        title="Facts and money",
    )


def _states() -> rx.Component:
    return stack(
        halves(
            card(empty("No bookings yet", "A booking is made when a customer calls. Its delivery orders, invoices and "
                       "payments follow from it.", button("New booking", kind="primary"), glyph="calendar-days")),
            card(failed("The server did not answer in time.", request_id="4f2a91c07d", on_retry=GalleryState.load)),
        ),
        card(forbidden()),
    )  # fmt: skip


def _sheet() -> rx.Component:
    state = GalleryState
    f = Fields(state, "gallery")
    return form_sheet(
        state,
        "gallery-sheet",
        "New booking",
        f.combobox("customer_id", "Customer", options=state.options, required=True, hint="Name, phone or number"),
        f.segmented("kind", "Job", (("deliver", "Deliver"), ("exchange", "Exchange"), ("collect", "Collect"))),
        side_by_side(f.datetime("at", "When", required=True), f.select("size", "Bin size", (("4", "4 × 12 × 6 ft"), ("6", "6 × 14 × 6 ft")), required=True)),
        side_by_side(f.money("amount", "Amount", required=True), f.number("weight", "Weight", unit="kg")),
        f.phone("phone", "Phone on site"),
        f.textarea("notes", "Notes for the driver"),
        f.checkbox("po", "Purchase order needed", hint="The customer pays only invoices that name one"),
        section("Papers", upload("DO", "1", then=state.load, csrf="", label="Add photos")),
        on_submit=state.refuse,
        submit="Create booking",
        subtitle="The customer gets a confirmation by SMS",
    )  # fmt: skip
