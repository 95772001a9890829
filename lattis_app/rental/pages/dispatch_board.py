"""The part of the dispatch board that runs in the browser: lanes of cards that can be dragged."""

from __future__ import annotations

from typing import Any

import reflex as rx

from lattis_app.core.language import say


class DispatchBoard(rx.NoSSRComponent):
    """Lanes and their cards; `version` grows with every answer of the server, which puts refused cards back."""

    library = "$/public/js/dispatch_board.jsx"
    tag = "DispatchBoard"
    lib_dependencies: list[str] = ["@hello-pangea/dnd@18.0.1"]

    columns: rx.Var[list[dict[str, Any]]]
    words: rx.Var[dict[str, str]]
    version: rx.Var[int]
    on_give: rx.EventHandler[
        lambda kind, job_id, from_driver, to_driver: [kind, job_id, from_driver, to_driver]
    ]
    on_open: rx.EventHandler[lambda kind, job_id: [kind, job_id]]


def spoken() -> dict[str, str]:
    """What screen readers are told while a card is moved; `{job}`, `{driver}` and `{load}` are filled in there."""
    job, driver, load = "{job}", "{driver}", "{load}"
    return {
        "how": say("Press space to lift the job, enter to choose its driver from a list."),
        "lifted": say(
            "{job} is lifted. Choose a driver with the left and right arrows, space drops it, escape puts it back.",
            job=job,
        ),
        "over": say("{job} is over {driver}, {load}.", job=job, driver=driver, load=load),
        "nowhere": say("{job} is over nobody.", job=job),
        "dropped": say("{job} is dropped on {driver}.", job=job, driver=driver),
        "back": say("{job} is back where it was.", job=job),
    }
