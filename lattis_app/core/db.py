"""The database: naming of constraints, the shape of a record, and the one place that commits.

Nothing connects at import, since web workers fork afterwards; `engine()` opens on first use per process.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, cached_property
from threading import Lock
from typing import Any, ClassVar, TypeVar, cast, overload
from uuid import UUID, uuid4

import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import Column, Engine, MetaData, Select, Table, bindparam, create_engine, event, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Mapper, Session, SessionTransaction, relationship, sessionmaker
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Field, SQLModel

from lattis_app.core import clock
from lattis_app.core.errors import Conflict, Invalid, NotFound
from lattis_app.core.settings import settings

logger = logging.getLogger(__name__)
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

LOST_RACES = frozenset({"40P01", "40001"})
"""What PostgreSQL says of two transactions that waited for each other, or can't both be true."""

UNREACHABLE = ("08", "57P01", "57P02", "57P03", "53300")
"""How PostgreSQL's codes begin for a lost or refused connection: broken, shut down, starting up, too many."""

CONNECT_SECONDS = 10
"""A server that is there answers in milliseconds."""

APPEND_ONLY = {"append_only": True}
"""Table `info` that takes UPDATE and DELETE away from the application's database role."""

JOURNAL = {**APPEND_ONLY, "journal": True}
"""Table `info` of what is only added and never read back by who adds it (`core.writing` writes it)."""

MOST_PREPARED = 500
"""More than the product has statements: a statement that is forgotten is planned anew each time."""


class Row(SQLModel):
    """What a table holds. The values of a new one are just kept: nothing has to be told of their change."""

    model_config = {"defer_build": True}
    """Nothing checks a row by pydantic, so no start waits for what would."""

    def __init__(self, **given: Any) -> None:
        model = type(self)
        if unknown := given.keys() - model.model_fields.keys():
            raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
        for name, value in _constants(model).items():
            self.__dict__[name] = value
        for name, make in _factories(model).items():
            if name not in given:
                self.__dict__[name] = make()
        self.__dict__.update(given)


@cache
def _constants(model: type[Row]) -> dict[str, Any]:
    fields = model.model_fields.items()
    return {
        name: field.default for name, field in fields if not field.is_required() and not field.default_factory
    }


@cache
def _factories(model: type[Row]) -> dict[str, Callable[[], Any]]:
    fields = model.model_fields.items()
    made = {name: field.default_factory for name, field in fields if field.default_factory}
    return cast("dict[str, Callable[[], Any]]", made)


class Record(Row):
    """What every stored thing has. Lines and entries that belong to an audited parent set `audited` off.

    `labelled_by` names the fields that people call it by, the first that is filled; a foreign key means its parent's.
    """

    audited: ClassVar[bool] = True
    masked_fields: ClassVar[frozenset[str]] = frozenset()
    unaudited_fields: ClassVar[frozenset[str]] = frozenset()
    labelled_by: ClassVar[tuple[str, ...]] = ()

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=clock.now)
    updated_at: datetime = Field(default_factory=clock.now, sa_column_kwargs={"onupdate": clock.now})


R = TypeVar("R", bound=Record)


@event.listens_for(Mapper, "before_configured")
def _insert_parents_first() -> None:
    """SQLAlchemy orders inserts by relationships, not by foreign keys: give every foreign key one."""
    mappers = {str(mapper.local_table): mapper for mapper in SQLModel._sa_registry.mappers}
    for mapper in mappers.values():
        for key in mapper.local_table.foreign_keys:
            name, parent = f"{key.parent.name}_row", mappers.get(key.target_fullname.partition(".")[0])
            if parent is not None and parent is not mapper and not mapper.has_property(name):
                reference = relationship(parent, foreign_keys=[key.parent], lazy="raise", cascade="")
                mapper.add_property(name, reference)


def plain(value: object) -> object:
    """A stored value as JSON can carry it."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)


def to_json(value: Any) -> str:
    """JSON text of any stored value."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


_url_override: str | None = None
_making = Lock()


def configure(url: str | None) -> None:
    """Use this database instead of the settings' one, and forget every open connection."""
    global _url_override
    if _url_override != url:
        if _engine.cache_info().currsize:
            engine().dispose()
        _engine.cache_clear()
        _factory.cache_clear()
    _url_override = url


def application_url() -> str:
    """The URL the application connects with: its own restricted role."""
    configured = settings().app_database_url
    url = _url_override or (configured.get_secret_value() if configured else "")
    if not url:
        raise RuntimeError(
            "No database is configured: start the app with `make run`, or set LATTIS_DATABASE_URL."
        )
    return url


class _Columns(Sequence[psycopg.Column]):
    """What describes a result's columns, made only when somebody looks: SQLAlchemy knows most results already."""

    def __init__(self, count: int, make: Callable[[], Sequence[psycopg.Column] | None]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> psycopg.Column: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[psycopg.Column]: ...
    def __getitem__(self, place: int | slice) -> psycopg.Column | Sequence[psycopg.Column]:
        return self._made[place]

    @cached_property
    def _made(self) -> Sequence[psycopg.Column]:
        return self._make() or ()


class _Cursor(psycopg.Cursor[Any]):
    @property
    def description(self) -> Any:
        """As psycopg says it, but lazily."""
        found = self.pgresult
        if found is None or found.status != ExecStatus.TUPLES_OK:
            return None
        return _Columns(found.nfields, lambda: super(_Cursor, self).description)


def engine() -> Engine:
    """This process's connections; threads that ask first at the same moment share one."""
    with _making:
        return _engine()


@cache
def _engine() -> Engine:
    made = create_engine(
        application_url(),
        pool_size=settings().database_pool_size,
        max_overflow=settings().database_pool_size,
        pool_pre_ping=False,
        pool_use_lifo=True,
        json_serializer=to_json,
        hide_parameters=True,
        connect_args={
            "application_name": "lattis",
            "options": "-c timezone=UTC",
            "prepare_threshold": 3,
            "connect_timeout": CONNECT_SECONDS,
            "cursor_factory": _Cursor,
        },
    )
    event.listen(made, "connect", _keep_statements_prepared)
    return made


def _keep_statements_prepared(connection: Any, _record: object) -> None:
    connection.prepared_max = MOST_PREPARED


@cache
def _factory() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


def open_session() -> Session:
    """A session that nobody commits; for reading outside a unit of work."""
    return _factory()()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: everything inside happens, or nothing does. The only place that commits."""
    with _factory()() as session:
        try:
            yield session
            session.commit()
        except IntegrityError as error:
            session.rollback()
            raise conflict_from(error) from error
        except DataError as error:
            session.rollback()
            logger.warning("the database refused a value", exc_info=error)
            raise Invalid("A value is out of range or holds a character that can't be stored") from error
        except OperationalError as error:
            session.rollback()
            if getattr(error.orig, "sqlstate", None) in LOST_RACES:
                raise Conflict("Somebody else was changing the same records; try again") from error
            raise


@contextmanager
def reading() -> Iterator[Session]:
    """One snapshot to read from; nothing is written."""
    with _factory()() as session:
        yield session


def is_unreachable(error: BaseException) -> bool:
    """Whether an error says that the database could not be asked: no connection, a lost one, or none free in time."""
    if isinstance(error, PoolTimeout):
        return True
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if not isinstance(said, psycopg.OperationalError):
        return False
    return said.sqlstate is None or said.sqlstate.startswith(UNREACHABLE)


def conflict_from(error: IntegrityError) -> Conflict:
    """A violated constraint as a refusal that names it."""
    diagnostics = getattr(error.orig, "diag", None)
    constraint = getattr(diagnostics, "constraint_name", None) or "constraint"
    table = getattr(diagnostics, "table_name", None) or ""
    prefix, _, rest = constraint.partition("_")
    field = rest.removeprefix(f"{table}_") if prefix in ("uq", "fk", "ck") else constraint
    reason = {"uq": "already exists", "fk": "refers to a record that does not exist"}.get(
        prefix, "is not allowed"
    )
    return Conflict(f"{field.replace('_', ' ')} {reason}", field=field, reason=reason, constraint=constraint)


def columns(model: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """A table's columns, as statements name them: `C = columns(RentalCustomer)`, then `C.party_id`."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # every table model has one
    return table.c


def find(
    session: Session, model: type[R], record_id: UUID, *, lock: bool = False, kind: str | None = None
) -> R:
    """The record of this id or NotFound; `lock` holds it until the end of the transaction."""
    record: R | None = session.scalars(_by_id(model, lock), {"id": record_id}).one_or_none()
    if record is None:
        raise NotFound.record(kind or kind_of(model), record_id)
    return record


@cache
def _by_id(model: type[Record], lock: bool) -> Select[Any]:
    statement = select(model).where(columns(model).id == bindparam("id"))
    return statement.with_for_update().execution_options(populate_existing=True) if lock else statement


def kind_of(model: type[Record]) -> str:
    """What people call records of this table: `RentalDeliveryOrder` → `Delivery order`."""
    words = []
    for letter in model.__name__:
        if letter.isupper():
            words.append(letter.lower())
        else:
            words[-1] += letter
    domains = {"rental", "courier", "crm", "marketplace", "retail"}
    return " ".join(words[1:] if words[0] in domains and len(words) > 1 else words).capitalize()


def advisory_lock(session: Session, name: str) -> None:
    """Wait for, then hold, the lock of this name until the end of the transaction."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def is_within(savepoint: SessionTransaction | None, outer: SessionTransaction) -> bool:
    """Whether a savepoint is another one, or was set inside it."""
    while savepoint is not None and savepoint is not outer:
        savepoint = savepoint.parent
    return savepoint is outer
