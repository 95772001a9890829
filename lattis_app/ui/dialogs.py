"""Dialogs: confirm only what cannot be undone, with the reason typed where the audit wants one.

Dialogs are native `<dialog>` elements that stay in the page: they open without a round trip, keep what was typed
when the connection drops, and ask before Esc throws it away.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.ui.buttons import Kind, button, icon_button


def open_dialog(dialog_id: str) -> rx.event.EventSpec:
    """From a handler: open the dialog or sheet of this id."""
    return rx.call_script(f"window.lattis.open({dialog_id!r})")


def close_dialog(dialog_id: str) -> rx.event.EventSpec:
    """From a handler: close the dialog or sheet of this id; what was typed has been dealt with."""
    return rx.call_script(f"window.lattis.close({dialog_id!r})")


def confirm(
    dialog_id: str,
    title: Any,
    text: Any,
    *,
    action: str,
    on_confirm: Any,
    reason: str = "",
    kind: Kind = "danger-solid",
    keep: str = "Keep",
    attempt: Any = 0,
) -> rx.Component:
    """Ask before something that cannot be undone.

    `on_confirm` is a handler that takes the form data; with `reason` set (the label of the field) it holds a
    required `reason`. `attempt` is the state's counter of finished submissions (`FormMixin.attempt`).
    """
    return rx.el.dialog(
        rx.el.form(
            rx.el.h2(title, id=f"{dialog_id}-title"),
            rx.el.div(rx.el.p(text), *_reason(reason), class_name="dialog-body"),
            rx.el.div(
                button(keep, data_closes="force"),
                button(action, kind=kind, type="submit"),
                class_name="dialog-foot",
            ),
            on_submit=on_confirm,
            data_once="true",
            data_attempt=attempt,
        ),
        id=dialog_id,
        class_name="dialog",
        aria_labelledby=f"{dialog_id}-title",
    )


def _reason(label: str) -> list[rx.Component]:
    if not label:
        return []
    area = rx.el.textarea(name="reason", required=True, min_length=3, rows="3", class_name="input")
    return [rx.el.label(rx.el.span(label, class_name="field-label"), area, class_name="field")]


def confirm_button(label: str, dialog_id: str, **props: Any) -> rx.Component:
    """A button that opens a confirmation; the ellipsis says that a question follows."""
    return button(f"{label}…", opens=dialog_id, **props)


def lightbox() -> rx.Component:
    """The large view of photos; one per page, filled by the browser."""
    return rx.el.dialog(
        rx.el.figure(rx.el.img(src="data:,", alt=""), rx.el.figcaption()),
        icon_button("x", "Close", data_closes="force", auto_focus=True),
        icon_button("chevron-left", "Photo before", class_name="lightbox-prev", data_turn="-1"),
        icon_button("chevron-right", "Next photo", class_name="lightbox-next", data_turn="1"),
        id="lightbox",
        class_name="lightbox",
        aria_label="Photos",
    )
