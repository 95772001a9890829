"""The parcels of the demo: each with the moment it was taken on in its history."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.courier.demo import masters, parcels
from lattis_app.identity import demo as people

CREATED = text("""
SELECT count(*) FILTER (WHERE a.action = 'created' AND a.occurred_at = p.created_at AND a.label = p.tracking_number
    AND a.actor_name = 'Lattis'), count(*), count(DISTINCT p.id)
FROM courier_parcels p LEFT JOIN audit_entries a ON a.entity = 'courier_parcels' AND a.entity_id = p.id
""")


def test_the_history_of_a_parcel_begins_when_it_was_taken_on(session: Session, clock, monkeypatch) -> None:
    monkeypatch.setattr(masters, "MERCHANTS", 6)
    monkeypatch.setattr(parcels, "PARCELS", 200)
    people.load()
    masters.take_on()
    parcels.carry()
    assert tuple(session.execute(CREATED).one()) == (200, 200, 200)
