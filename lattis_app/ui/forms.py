"""Forms in a side sheet: fields with labels, hints and errors; one submission at a time; nothing typed is lost.

f = Fields(BookingState, "booking")
form_sheet(BookingState, "booking-sheet", "New booking", f.text("site", "Site", required=True), ...,
           on_submit=BookingState.create, submit="Create booking")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lattis_app.ui.buttons import Text, button, icon_button
from lattis_app.ui.form_state import TYPED
from lattis_app.ui.icons import icon


@dataclass(frozen=True)
class Fields:
    """Makes the fields of one form. `state` is a FormMixin, `form` a name that is unique on the page."""

    state: Any
    form: str

    def text(
        self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any
    ) -> rx.Component:
        """One line of text."""
        return self._labelled(name, label, self._input(name, required, hint, **props), hint, required)

    def number(self, name: str, label: Text, *, unit: str = "", hint: Text = "", required: bool = False, **props: Any) -> rx.Component:  # fmt: skip
        """A number, with its unit behind it."""
        field = self._input(name, required, hint, input_mode="decimal", class_name="input end", **props)
        return self._labelled(name, label, _affix("", field, unit) if unit else field, hint, required)

    def money(self, name: str, label: Text, *, currency: str = "RM", hint: Text = "", required: bool = False, **props: Any) -> rx.Component:  # fmt: skip
        """An amount of money; typed as people write it, checked on the server."""
        props = {"placeholder": "0.00", **props}
        field = self._input(name, required, hint, input_mode="decimal", class_name="input end", **props)
        return self._labelled(name, label, _affix(currency, field, ""), hint, required)

    def phone(
        self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any
    ) -> rx.Component:
        """A telephone number."""
        props = {"placeholder": "012-345 6789", "auto_complete": "tel", **props}
        return self.text(name, label, hint=hint, required=required, type="tel", **props)

    def email(
        self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any
    ) -> rx.Component:
        """An e-mail address."""
        return self.text(
            name, label, hint=hint, required=required, type="email", auto_complete="email", **props
        )

    def date(
        self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any
    ) -> rx.Component:
        """A business date."""
        return self.text(name, label, hint=hint, required=required, type="date", **props)

    def datetime(self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any) -> rx.Component:  # fmt: skip
        """A date and a time in the business's zone."""
        return self.text(name, label, hint=hint, required=required, type="datetime-local", **props)

    def textarea(self, name: str, label: Text, *, hint: Text = "", required: bool = False, **props: Any) -> rx.Component:  # fmt: skip
        """Several lines of text."""
        area = rx.el.textarea(**self._attributes(name, required, hint), class_name="input", **props)
        return self._labelled(name, label, area, hint, required)

    def select(self, name: str, label: Text, options: Sequence[tuple[str, str]] | rx.Var[Any], *, hint: Text = "", required: bool = False, empty: str = "", **props: Any) -> rx.Component:  # fmt: skip
        """One of a short list; `options` are (value, words), or a var of Option."""
        if isinstance(options, rx.Var):
            lines: Any = [rx.foreach(options, lambda each: rx.el.option(each["label"], value=each["value"]))]
        else:
            lines = [rx.el.option(words, value=value) for value, words in options]
        none = [rx.el.option(empty or "Choose…", value="")] if empty or not required else []
        box = rx.el.select(
            *none, *lines, **self._attributes(name, required, hint), class_name="input", **props
        )
        return self._labelled(name, label, box, hint, required)

    def combobox(self, name: str, label: Text, *, options: Any, search: Any = None, hint: Text = "", required: bool = False, placeholder: str = "Type to search…") -> rx.Component:  # fmt: skip
        """One of many, found while typing: `search` is a handler that fills `options`, a var of Option.

        Without `search` the options are narrowed in the browser. The starting words come from `<name>_label`.
        """
        attributes = self._attributes(name, required, hint)
        hidden = rx.el.input(
            type="hidden", name=attributes.pop("name"), default_value=attributes.pop("default_value")
        )
        asks = {"on_change": search.debounce(180)} if search is not None else {}
        typed = rx.el.input(
            **attributes,
            name=f"{name}{TYPED}",
            type="text",
            role="combobox",
            class_name="input",
            placeholder=placeholder,
            default_value=self.state.values[f"{name}_label"],
            auto_complete="off",
            aria_autocomplete="list",
            aria_expanded="false",
            aria_controls=f"{self.form}-{name}-options",
            **asks,
        )
        choices = rx.cond(
            options.length() > 0,
            rx.foreach(options, _combo_option),
            rx.el.div("Nothing found", class_name="combo-none"),
        )
        listed = rx.el.div(choices, id=f"{self.form}-{name}-options", class_name="combo-list", role="listbox")
        local = {} if search is not None else {"data_local": "true"}
        box = rx.el.div(hidden, typed, icon("chevrons-up-down"), listed, class_name="combo", **local)
        return self._labelled(name, label, box, hint, required)

    def checkbox(self, name: str, label: Text, *, hint: Text = "", **props: Any) -> rx.Component:
        """Something that is so or not so."""
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=name,
                value="true",
                class_name="box",
                default_checked=self.state.values[name] == "true",
                **props,
            ),
            rx.el.span(label, *([rx.el.small(hint)] if hint else [])),
            class_name="check",
        )

    def segmented(
        self, name: str, label: Text, options: Sequence[tuple[str, str]], *, hint: Text = ""
    ) -> rx.Component:
        """One of two to five, all visible; the first is chosen unless the values say otherwise."""
        chosen = self.state.values[name]
        return rx.el.fieldset(
            rx.el.legend(label, class_name="field-label", style={"margin_block_end": "5px"}),
            rx.el.div(
                *[
                    rx.el.label(
                        rx.el.input(
                            type="radio",
                            name=name,
                            value=value,
                            default_checked=(chosen == value) | (~chosen.bool() if place == 0 else False),
                        ),
                        words,
                        class_name="seg-item",
                    )
                    for place, (value, words) in enumerate(options)
                ],
                class_name="seg field-seg",
            ),
            self._below(name, hint),
            class_name="field",
        )

    def _attributes(self, name: str, required: bool, hint: Any) -> dict[str, Any]:
        described = f"{self.form}-{name}-error" + (f" {self.form}-{name}-hint" if _said(hint) else "")
        return {
            "name": name,
            "custom_attrs": {"id": f"{self.form}-{name}"},
            "default_value": self.state.values[name],
            "aria_invalid": rx.cond(self.state.errors[name], "true", "false"),
            "aria_describedby": described,
            "aria_required": "true" if required else "false",
        }

    def _input(self, name: str, required: bool, hint: Any, **props: Any) -> rx.Component:
        look = {"class_name": "input", "type": "text", **props}
        return rx.el.input(**(self._attributes(name, required, hint) | look))

    def _labelled(
        self, name: str, label: Text, control: rx.Component, hint: Any, required: bool
    ) -> rx.Component:
        mark = rx.el.span("*", class_name="required", aria_hidden="true")
        return rx.el.div(
            rx.el.label(
                label, *([mark] if required else []), html_for=f"{self.form}-{name}", class_name="field-label"
            ),
            control,
            self._below(name, hint),
            class_name="field",
        )

    def _below(self, name: str, hint: Any) -> rx.Component:
        wrong = self.state.errors[name]
        told = (
            [rx.el.span(hint, class_name="field-hint", id=f"{self.form}-{name}-hint")] if _said(hint) else []
        )
        return rx.fragment(
            *told,
            rx.el.span(
                rx.cond(wrong, rx.fragment(icon("circle-alert"), wrong), ""),
                class_name="field-error",
                id=f"{self.form}-{name}-error",
                role="alert",
            ),
        )


def form_sheet(
    state: Any,
    sheet_id: str,
    title: Any,
    *fields: Any,
    on_submit: Any,
    submit: Text = "Save",
    subtitle: Any = "",
    note: Any = "",
    wide: bool = False,
) -> rx.Component:
    """A form that slides in from the side; Esc asks before throwing away what was typed.

    Open it with `button(..., opens=sheet_id)` or, after loading values with `_begin`, with `open_dialog(sheet_id)`.
    """
    head = rx.el.header(
        rx.el.div(rx.el.h2(title, id=f"{sheet_id}-title"), *([rx.el.p(subtitle)] if _said(subtitle) else [])),
        icon_button("x", "Close", kind="ghost", data_closes="ask"),
        class_name="sheet-head",
    )
    form = rx.el.form(
        head,
        rx.el.div(form_alert(state), *fields, class_name="sheet-body", key=f"{sheet_id}-{state.form_key}"),
        rx.el.footer(
            *([rx.el.span(note, class_name="form-note")] if _said(note) else []),
            button("Cancel", data_closes="ask"),
            button(submit, kind="primary", type="submit"),
            class_name="sheet-foot",
        ),
        _ask_before_closing(),
        on_submit=on_submit,
        data_guard="true",
        data_attempt=state.attempt,
        custom_attrs={"noValidate": True},
    )
    look = "sheet sheet-wide" if wide else "sheet"
    closed = rx.el.button(
        type="button", hidden=True, tab_index=-1, data_closed="true", on_click=state.clear_form
    )
    return rx.el.dialog(form, closed, id=sheet_id, class_name=look, aria_labelledby=f"{sheet_id}-title")


def _ask_before_closing() -> rx.Component:
    return rx.el.footer(
        rx.el.span("Throw away what you typed?", class_name="form-note strong"),
        button("Keep editing", data_keep_editing="true"),
        button("Throw away", kind="danger-solid", data_closes="force"),
        class_name="sheet-foot sheet-ask",
    )


def page_form(state: Any, *fields: Any, on_submit: Any, submit: Text = "Save changes") -> rx.Component:
    """A form that is the page itself, for example the business profile."""
    return rx.el.form(
        rx.el.div(form_alert(state), *fields, class_name="form", key=f"form-{state.form_key}"),
        rx.el.div(
            button(submit, kind="primary", type="submit"),
            class_name="row",
            style={"margin_block_start": "18px"},
        ),
        on_submit=on_submit,
        data_guard="true",
        data_attempt=state.attempt,
        custom_attrs={"noValidate": True},
    )


def form_alert(state: Any) -> rx.Component:
    """Why the whole form was refused, above its fields."""
    return rx.cond(
        state.form_error != "",
        rx.el.div(icon("circle-alert"), state.form_error, class_name="form-alert", role="alert"),
        rx.fragment(),
    )


def side_by_side(*fields: Any) -> rx.Component:
    """Two or three short fields in one row."""
    return rx.el.div(*fields, class_name="fields-3" if len(fields) > 2 else "fields-2")


def section(title: Text, *fields: Any) -> rx.Component:
    """A part of a form under its own heading."""
    return rx.el.fieldset(rx.el.legend(title), *fields, class_name="fieldset")


def upload(target_type: str, target_id: Any, *, then: Any, csrf: Any, label: str = "Add files", accept: str = "") -> rx.Component:  # fmt: skip
    """A drop zone that sends files to `/v1/attachments` as they are chosen; `then` runs after the last one."""
    return rx.el.div(
        rx.el.label(
            icon("upload", size=20),
            rx.el.span(rx.el.b(label), " or drop them here"),
            rx.el.input(
                type="file", multiple=True, accept=accept, data_upload="/v1/attachments", aria_label=label
            ),
            class_name="drop",
        ),
        rx.el.div(class_name="upload-list", role="status"),
        rx.el.button(
            type="button", hidden=True, data_uploaded="true", on_click=then, aria_hidden="true", tab_index=-1
        ),
        class_name="stack-tight upload",
        data_target_type=target_type,
        data_target_id=target_id,
        data_csrf=csrf,
    )


def _combo_option(option: Any) -> rx.Component:
    return rx.el.div(
        option["label"],
        rx.cond(option["note"] != "", rx.el.small(option["note"]), rx.fragment()),
        class_name="combo-option",
        role="option",
        aria_selected="false",
        data_value=option["value"],
        data_label=option["label"],
        key=option["value"],
    )


def _affix(before: str, field: rx.Component, after: str) -> rx.Component:
    head = [rx.el.span(before, class_name="affix-text")] if before else []
    tail = [rx.el.span(after, class_name="affix-text")] if after else []
    return rx.el.div(*head, field, *tail, class_name="affix")


def _said(words: Any) -> bool:
    return isinstance(words, (rx.Var, rx.Component)) or bool(words)
