"""What a list page is made of, as data: its columns, filters and views. Pages define one ListSpec each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lattis_app.ui.list_requests import Filter

Align = Literal["start", "end", "center"]
CellKind = Literal["text", "money", "number", "date", "badge", "link"]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Rows hold display text under `key`; a badge takes its tone from `<key>_tone`, a link its address from
    `<key>_href`. `note` names a second, quiet line. `priority` 2 and 3 give way first when it gets narrow; the first
    column is the record's name and never goes. Sentences take as many lines as they need if the column `wraps`.
    """

    key: str
    label: str
    kind: CellKind = "text"
    align: Align | Literal[""] = ""
    sortable: bool = False
    hidden_by_default: bool = False
    note: str = ""
    priority: Literal[1, 2, 3] = 1
    wraps: bool = False

    @property
    def side(self) -> Align:
        """Numbers and money stand at the end of their column unless told otherwise."""
        return self.align or ("end" if self.kind in ("money", "number") else "start")

    @property
    def unit(self) -> str:
        """What the figures are in, as the heading says it: `RM` of `Amount (RM)`."""
        head, _, tail = self.label.partition("(")
        return tail.removesuffix(")") if head else ""

    def look(self, *, lead: bool = False) -> str:
        """The class names of a cell of this column."""
        parts = {
            self.kind if self.kind in ("money", "number", "date") else "",
            self.side if self.side != "start" else "",
        }
        parts |= {"badge-cell" if self.kind == "badge" else "", "lead" if lead else ""}
        parts |= {"wraps" if self.wraps else ""}
        parts |= {f"priority-{self.priority}" if self.priority > 1 else ""}
        return " ".join(sorted(part for part in parts if part))


@dataclass(frozen=True)
class ListSpec:
    """One list: `key` is unique in the product; `views` are (name, query); `export` is the address of CSV and XLSX."""

    key: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    views: tuple[tuple[str, str], ...] = ()
    search: str = "Search"
    export: str = ""

    @property
    def sortable(self) -> frozenset[str]:
        """The keys the list may be ordered by."""
        return frozenset(column.key for column in self.columns if column.sortable)

    @property
    def hidden_at_first(self) -> tuple[str, ...]:
        """The columns that are hidden until somebody asks for them."""
        return tuple(column.key for column in self.columns if column.hidden_by_default)
