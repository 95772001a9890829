"""The sign-in page: the product on one side, the form on the other. Native forms, so that the cookie is HttpOnly."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import button, icon_button
from lattis_app.ui.frame import brand, language_choice
from lattis_app.ui.handlers import public_handler
from lattis_app.ui.icons import icon
from lattis_app.ui.kpis import kpi, kpi_row, rise
from lattis_app.ui.layout import card
from lattis_app.ui.pages import page
from lattis_app.ui.translation import say

IN_WORDS = {
    "wrong": "These details don't belong together. Check them and try again.",
    "incomplete": "Something is missing. Fill in every field and try again.",
    "slow-down": "Too many attempts. Wait a minute, then try again.",
    "unavailable": "Lattis can't reach its database right now. Try again in a moment.",
    "expired": "Your session has ended. Sign in to go on where you were.",
}
SAMPLE_ROWS = (
    ("09:00", "ABC Construction Sdn Bhd", "ASR100", ("Started", "info"), "350.00"),
    ("10:30", "Setia Build Sdn Bhd", "ASR118", ("Delivered", "ok"), "520.00"),
    ("11:00", "Kedai Perabot Maju", "ASR104", ("Pending invoice", "warn"), "350.00"),
    ("12:00", "Pembinaan Jaya", "ASR131", ("Assigned", "neutral"), "680.00"),
    ("13:30", "Taman Sri Resort", "ASR102", ("Assigned", "neutral"), "410.00"),
)


class SignInState(rx.State):
    """What the address says about the attempt before: an error, who tried, where to go on."""

    problem: str = ""
    account: str = ""
    onward: str = ""
    way: str = "office"

    @public_handler
    async def read_address(self) -> None:
        """Put the last attempt back into words and fields; the password is never kept."""
        said = self.router.url.query_parameters
        error = str(said.get("error", ""))
        self.problem = IN_WORDS.get(error, IN_WORDS["wrong"]) if error else ""
        self.account = str(said.get("account", ""))[:200]
        self.onward = str(said.get("next", ""))[:2000]
        self.way = "driver" if said.get("as") == "driver" else "office"


@page("/sign-in", "Sign in", on_load=SignInState.read_address, frame="none", public=True)
def sign_in() -> rx.Component:
    """The whole page."""
    return rx.el.div(
        _show(),
        rx.el.main(
            rx.el.div(
                brand("brand sign-mobile-brand"),
                rx.el.header(rx.el.h1("Sign in"), rx.el.p("Good to see you. Choose how you work.")),
                _ways(),
                _problem(),
                _office_form(),
                _driver_form(),
                rx.el.p(
                    "Trouble signing in? Ask your administrator for a new password or PIN.",
                    class_name="sign-foot",
                ),
                language_choice("link", is_visitor=True),
                class_name="sign-box",
                key=f"way-{SignInState.way}",
            ),
            class_name="sign-side",
            id="main",
        ),
        class_name="sign",
    )


def _ways() -> rx.Component:
    return rx.el.div(_way("office", "Office", "building-2"), _way("driver", "Driver", "truck"), class_name="sign-tabs",
                     role="radiogroup", aria_label="How you work")  # fmt: skip


def _way(way: str, label: str, glyph: str) -> rx.Component:
    chosen = SignInState.way == way
    return rx.el.label(
        rx.el.input(type="radio", name="way", value=way, id=f"sign-{way}", default_checked=chosen),
        icon(glyph),
        label,
    )


def _problem() -> rx.Component:
    return rx.cond(
        SignInState.problem != "",
        rx.el.div(icon("circle-alert"), say(SignInState.problem), class_name="form-alert", role="alert"),
        rx.fragment(),
    )


def _office_form() -> rx.Component:
    password = rx.el.div(
        rx.el.input(type="password", name="password", id="password", auto_complete="current-password", required=True,
                    class_name="input"),
        icon_button("eye", "Show password", kind="ghost", data_reveal="password", aria_pressed="false"),
        class_name="affix",
    )  # fmt: skip
    return rx.el.form(
        _field("E-mail or phone", "account", rx.el.input(**_text("account"), auto_complete="username",
                                                        auto_focus=True, default_value=SignInState.account)),
        _field("Password", "password", password),
        _onward(),
        button("Sign in", kind="primary", type="submit"),
        action="/auth/sign-in",
        method="post",
        on_submit=None,
        data_once="true",
        class_name="form sign-office",
    )  # fmt: skip


def _driver_form() -> rx.Component:
    pin = rx.el.input(
        type="password", name="pin", id="pin", input_mode="numeric", max_length=12, auto_complete="off",
        class_name="input",
    )  # fmt: skip
    return rx.el.form(
        _field("Your name", "driverName", rx.el.input(**_text("driverName"), auto_complete="name")),
        _field(
            "Identity card number",
            "icNumber",
            rx.el.input(**_text("icNumber"), placeholder="920815-14-5678", auto_complete="off"),
        ),
        _field(
            "Phone",
            "phoneNumber",
            rx.el.input(**(_text("phoneNumber") | {"type": "tel"}), placeholder="012-345 6789", auto_complete="tel",
                        default_value=SignInState.account),
        ),
        _field("PIN", "pin", pin, "Only if you have set one"),
        _onward(),
        button("Start my day", kind="primary", type="submit"),
        action="/auth/driver-sign-in",
        method="post",
        on_submit=None,
        data_once="true",
        class_name="form sign-driver",
    )  # fmt: skip


def _text(name: str) -> dict[str, Any]:
    return {"type": "text", "name": name, "id": name, "required": True, "class_name": "input"}


def _onward() -> rx.Component:
    return rx.el.input(type="hidden", name="next", value=SignInState.onward, read_only=True)


def _field(label: str, name: str, control: rx.Component, hint: str = "") -> rx.Component:
    told = [rx.el.span(hint, class_name="field-hint")] if hint else []
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"), control, *told, class_name="field"
    )


def _show() -> rx.Component:
    return rx.el.aside(
        brand(),
        rx.el.div(
            rx.el.h2("Every bin, every trip, every ringgit accounted for."),
            rx.el.p("Bookings, drivers and invoices in one place, from the first call to the last payment."),
            class_name="sign-say",
        ),
        rx.el.div(_sample(), class_name="sign-picture", aria_hidden="true", custom_attrs={"inert": True}),
        class_name="sign-show",
    )


def _sample() -> rx.Component:
    head = [rx.el.th(label, class_name=look) for label, look in SAMPLE_HEAD]
    body = [
        rx.el.tr(
            rx.el.td(when, class_name="date"),
            rx.el.td(who),
            rx.el.td(which),
            rx.el.td(badge(*status)),
            rx.el.td(amount, class_name="end money"),
        )
        for when, who, which, status, amount in SAMPLE_ROWS
    ]
    return rx.fragment(
        kpi_row(
            kpi("Sales", "RM 184,320.00", "against the 30 days before", trend=rise("▲ 12.4 %")),
            kpi("Collected", "RM 151,075.50", "82 % of sales"),
            kpi("Bins out", "38", "3 overdue for collection", unit="of 50"),
        ),
        card(
            rx.el.table(rx.el.thead(rx.el.tr(*head)), rx.el.tbody(*body), class_name="table"),
            flush=True,
        ),
    )


SAMPLE_HEAD = (("Today", ""), ("Customer", ""), ("Bin", ""), ("Status", ""), ("Amount", "end"))
