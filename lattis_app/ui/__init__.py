"""The interface kit: what every page is made of. `ui/example.py` is a whole list page to copy (/_example).

**A page is one module** in `<domain>/pages/<aggregate>.py`: a State, small view functions, one `@page` function.

    @page("/rental/bins", "Bins", Permission.RENTAL_BINS_READ, on_load=BinList.load)
    def bins() -> rx.Component: ...

`@page` puts the content into the office shell, reloads the frame's counters, and shows "not part of your role" to
others. A record page has its own route (`/rental/bins/[bin_id]`). Driver pages: `frame="none"` + `driver_shell(...)`.

**A list** is a `ListSpec` (columns, filters, views, export address), a State and `data_table`:

    LIST = ListSpec("bins", (Column("serial", "Serial", sortable=True), Column("status", "Status", "badge"),
                             Column("amount", "Value (RM)", "money")),
                    filters=(Filter("status", "Status", options=(("repair", "In repair"),), several=True),
                             Filter("from", "From", "date")),
                    views=(("In repair", "status=repair"),), search="Serial or customer", export="/v1/bins/export")

    class BinList(ListMixin, FormMixin, rx.State):
        record: dict[str, str] = {}
        def _spec(self): return LIST
        async def _fetch(self, request):                  # request.q .sort .page .limit .filters .values("status")
            found = await run(self, bins.page, ...)       # a query; its Page becomes display rows:
            return Listing([row(b) for b in found.items], found.total, "RM 118,940.00")
        async def _fetch_record(self, record_id): self.record = ...      # raises NotFound: the panel closes, a toast says so
        async def _prepare(self): self.filter_options = {"driver_id": [Option(value=..., label=..., note="")]}

`several` filters send `a,b`; without it one value is chosen. `tally(state, "bin", "bins", "in all")` says under the
heading how many there are and what they come to. Ids from an address or event are read by `as_id` (NotFound for what
is none).

Rows are `dict[str, str]` of display text with an `id`; a badge column `status` also needs `status_tone` (ok warn bad
info neutral), a link column `x` needs `x_href`, `note=` names a second line. Make rows in a pure function outside the
State and test it. Search, filters, order, page and open record live in the address; handlers are in the mixin.

With `picks=True` rows can be ticked for the page's own purpose (`state.selected`). A place of the navigation that is
`at_thumb` stands at the foot of a phone.

**A record beside the list**: `record_panel(BinList, record_head(...), lifecycle_strip(steps), next_steps(...),
tabs(...), label="Bin")`. Steps: `lifecycle_steps(BIN, status)`. Show a next step only when it is allowed:
`step_if(state.allowed, "repair", button("Send to repair", on_click=...))`. History: `history(rows of HistoryRow)`.
Photos: `photos(rows of PhotoRow)`; uploads: `forms.upload("DO", state.open_id, then=state.load, csrf=FrameState.csrf)`.

**A form**: `f = Fields(BinList, "bin")`, then `form_sheet(BinList, "bin-sheet", "New bin", f.text(...), f.money(...),
f.combobox(..., options=state.found, search=state.find), on_submit=BinList.create)`. Field names are the schema's
(`size.l_ft` nests). Open with `button("New bin", opens="bin-sheet")`; to edit, a handler calls
`self._begin({"serial": ...})` and returns `open_dialog("bin-sheet")`. Save:

    @handler
    async def create(self, form: dict[str, Any]):
        made = await self._submit(bins.create, Draft(BinEntry, form))    # None: refused; errors are beside the fields
        if made is None: return
        await self._again()                                              # list and record with fresh data
        return [close_dialog("bin-sheet"), toasts.done(f"Bin {made.serial_number} added")]

An action on the open record: `await self._submit(bins.repair, as_id(self.open_id))`, or plain `run` when a refusal may
be a toast. What cannot be undone asks first: `confirm("void", title, text, action="Void", on_confirm=..., reason=
"Reason", attempt=state.attempt)` opened by `confirm_button("Void", "void")`; the handler gets `form["reason"]`.

**Records that are only kept** (names, prices, active or not) need no State of their own making: `MasterMixin` with a
`Master` and a `Look`, drawn by `master_view` (`ui/masters.py`).

**Figures**: `kpi_row(kpi("Sales", text, "against ...", trend=rise("▲ 12.4 %"), href=...))`, `needs_you(...)`.
**Charts**: build the figure in a handler (`bars`, `lines`, `ranked`) into a var `go.Figure`, show it by
`chart_card(title, figure, ready=..., columns=..., rows=same numbers as text, on_click=handler of points)`.
**States**: every list gets `nothing=empty(why, what to do, button)`. What breaks while a page, a list or a record is
loaded is said in its place with a way to try again; a page needs no code for it (`ui/failures.py`). **Live**: `live_refresh(State.load, "invoice.")`
runs the loader again on events whose name starts so. **Counters**: `frame_facts.register_counter("rental.x", fn, perm)`;
**bell**: `frame_facts.sources.bell`; **search**: `palette.search_with(find)`; **commands**: `palette.offer(Command(...))`;
**navigation** of another domain: `navigation.register(NavGroup(...))`.

**Languages**: write English. Texts in components are looked up in the reader's language by `@page`; text made in Python
for rows, toasts and dates goes through `core.language.say("Until {day}", day=...)`. `translate="no"` leaves a part alone.

Rules: handlers carry `@handler`, take annotated arguments without defaults; `lambda: state.open(row["id"])` to pass row
values; nothing but text, numbers and flags in vars; colours only through classes and tones; no inline colours; logical
properties (`inset-inline-end`, not `right`). Classes for layout are in `assets/css/base.css`; icons in the sprite.
"""
