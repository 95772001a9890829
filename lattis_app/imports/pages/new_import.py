"""The first step of an import: what the file brings, a template for it, and the file itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Permission
from lattis_app.imports.queries import imports as queries
from lattis_app.ui.badges import badge
from lattis_app.ui.buttons import download_button
from lattis_app.ui.frame import FrameState
from lattis_app.ui.handlers import handler, run
from lattis_app.ui.icons import icon
from lattis_app.ui.layout import card, halves, page_header, row, stack
from lattis_app.ui.pages import page
from lattis_app.ui.records import Step, crumbs, lifecycle_strip
from lattis_app.ui.states import skeleton_block


class NewImport(rx.State):
    """What is about to be imported."""

    kinds: list[dict[str, str]] = []
    kind: str = ""
    columns: list[dict[str, str]] = []
    strip: list[Step] = []
    limits: str = ""

    @handler
    async def load(self) -> None:
        """Offer what may be imported, first what the address asks for."""
        await self._show(str(self.router.url.query_parameters.get("kind", "")))

    @handler
    async def choose(self, kind: str) -> Any:
        """Import another kind of record; the address follows."""
        await self._show(kind)
        return rx.call_script(f"window.lattis.url('kind={self.kind}', true)")

    @handler
    async def checked(self) -> Any:
        """Go on with the file that was just sent."""
        batch = await run(self, queries.newest, self.kind)
        return rx.redirect(f"/imports?open={batch.id}")

    async def _show(self, wanted: str) -> None:
        offered = {kind.name: kind for kind in await run(self, queries.kinds)}
        self.kinds = [{"value": kind.name, "label": say(kind.title)} for kind in offered.values()]
        chosen = offered.get(wanted) or next(iter(offered.values()), None)
        self.kind = chosen.name if chosen else ""
        self.columns = [
            {
                "heading": column.heading,
                "required": "true" if column.required else "",
                "note": column.note,
                "sample": column.sample,
            }
            for column in (chosen.columns if chosen else ())
        ]
        labels = (say("File"), say("Check"), say("Run"), say("Result"))
        self.strip = [
            Step(label=label, state="todo" if place else "current") for place, label in enumerate(labels)
        ]
        most = settings()
        self.limits = say("CSV or XLSX, at most {rows} lines and {size} MB", rows=f"{most.import_max_rows:,}", size=most.import_max_mb)  # fmt: skip


@page("/imports/new", "New import", Permission.IMPORTS_BATCHES_MANAGE, on_load=NewImport.load)
def new_import() -> rx.Component:
    """Choose what to bring and the file; the check follows at once."""
    state = NewImport
    ready = stack(
        lifecycle_strip(state.strip),
        halves(
            stack(card(_choice(), title="What the file brings"), card(_file(), title="The file")),
            card(
                rx.el.ul(rx.foreach(state.columns, _column), class_name="plain-list"),
                title="Columns of the file",
            ),
        ),
    )
    return rx.fragment(
        page_header(
            "New import",
            "Every line is checked first; nothing is made before you say so.",
            crumbs=crumbs(("Imports", "/imports")),
        ),
        rx.cond(state.kind != "", ready, skeleton_block("320px")),
    )


def _choice() -> rx.Component:
    state = NewImport
    return rx.el.div(
        rx.foreach(
            state.kinds,
            lambda each: rx.el.button(
                each["label"],
                type="button",
                class_name="seg-item",
                aria_pressed=rx.cond(state.kind == each["value"], "true", "false"),
                on_click=lambda: state.choose(each["value"]),
                key=each["value"],
            ),
        ),
        class_name="seg field-seg",
        role="group",
        aria_label="What the file brings",
    )


def _column(column: Any) -> rx.Component:
    required = badge("Required", "info")
    example = rx.el.p("Example: ", rx.el.span(column["sample"], translate="no"), class_name="small muted")
    return rx.el.li(
        rx.el.div(
            rx.el.code(column["heading"], class_name="code"),
            rx.cond(column["required"] != "", required, rx.fragment()),
            class_name="row row-between",
        ),
        rx.el.p(column["note"], class_name="small"),
        rx.cond(column["sample"] != "", example, rx.fragment()),
        class_name="list-line",
        key=column["heading"],
    )


def _file() -> rx.Component:
    state = NewImport
    template = "/v1/imports/" + state.kind + "/template?format="
    return stack(
        rx.el.div(
            rx.el.label(
                icon("upload", size=20),
                rx.el.span(rx.el.b("Choose a file"), " or drop it here"),
                rx.el.span(state.limits, class_name="muted small"),
                rx.el.input(
                    type="file",
                    accept=".csv,.xlsx,.txt",
                    data_upload="/v1/imports/" + state.kind,
                    aria_label="Choose a file",
                ),
                class_name="drop",
            ),
            rx.el.div(class_name="upload-list", role="status"),
            rx.el.button(
                type="button",
                hidden=True,
                data_uploaded="true",
                on_click=state.checked,
                aria_hidden="true",
                tab_index=-1,
            ),
            class_name="stack-tight upload",
            data_csrf=FrameState.csrf,
        ),
        rx.el.p(
            "Begin with a template: it has the columns, a sample line and notes.", class_name="muted small"
        ),
        row(
            download_button("Excel template", template + "xlsx"),
            download_button("CSV template", template + "csv"),
        ),
    )
