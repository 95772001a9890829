"""Lists whose records are worked on: fresh when others change them, and shown again after every step."""

from __future__ import annotations

from typing import Any

from lattis_app.core.language import say
from lattis_app.ui import toasts
from lattis_app.ui.dialogs import close_dialog
from lattis_app.ui.form_state import FormMixin
from lattis_app.ui.handlers import handler
from lattis_app.ui.lists import ListMixin


class RecordsMixin(ListMixin, FormMixin, mixin=True):
    """`class Invoices(RecordsMixin, rx.State)`: a ListMixin with forms and steps."""

    @handler
    async def refresh(self) -> None:
        """Show the list and the open record with fresh data."""
        if self.loaded:
            await self._again()

    async def _done(self, said: str, *, closes: str = "") -> list[Any]:
        """After a step: fresh data, a toast, and the dialog it was asked in away."""
        await self._again()
        return [*([close_dialog(closes)] if closes else []), toasts.done(said)]

    def _unsaid(self, *, closes: str) -> list[Any]:
        """After a reason that was not given, or not accepted: what is wrong with it, and the dialog away."""
        return [close_dialog(closes), toasts.refused(self.form_error or say("Say why"))]
