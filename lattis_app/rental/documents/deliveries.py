"""Proof of delivery: which bin came where, when and by whom, with the photographs that were taken on site."""

from dataclasses import dataclass
from datetime import datetime

from lattis_app.core.pdf import Addressee, Heading, Letterhead, Paper, Sheet, compose, local_time
from lattis_app.core.pdf_blocks import check_strip, opening, panel, remarks, subheading
from lattis_app.core.pdf_pictures import Picture, pictures, signature


@dataclass(frozen=True)
class Photo:
    """One photograph; time and place are the camera's, or empty."""

    data: bytes
    taken_at: datetime
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Receiver:
    """Who received the bin; `signature` is a picture, empty when nobody signed or the file is gone."""

    name: str
    signature: bytes = b""
    signed_at: datetime | None = None


@dataclass(frozen=True)
class ProofOfDelivery:
    """What was done at a customer's."""

    business: Letterhead
    customer: Addressee
    number: str
    delivered_at: datetime
    bin_serial: str
    bin_size: str
    driver_name: str
    lorry_registration: str
    site_address: str
    check_url: str
    photos: tuple[Photo, ...]
    photos_in_all: int
    started_at: datetime | None = None
    collected_at: datetime | None = None
    book_number: str = ""
    purchase_order_number: str = ""
    ordered_by: str = ""
    notes: str = ""
    receiver: Receiver | None = None


def render(proof: ProofOfDelivery) -> bytes:
    """The proof on A4."""
    heading = Heading(
        kind="Proof of delivery",
        number=proof.number,
        dated_at=proof.delivered_at,
        letterhead=proof.business,
        closing="Times are those at which the driver confirmed each step on site.",
    )
    return compose(heading, Paper.A4, lambda sheet: _draw(sheet, proof))


def _draw(sheet: Sheet, proof: ProofOfDelivery) -> None:
    zone = proof.business.time_zone
    facts = [
        ("Book number", proof.book_number),
        ("Your PO number", proof.purchase_order_number),
        ("Ordered by", proof.ordered_by),
        ("Driver", proof.driver_name),
        ("Lorry", proof.lorry_registration),
    ]
    opening(sheet, "Delivered to", proof.customer, facts)
    steps = (
        ("Trip started", proof.started_at),
        ("Delivered", proof.delivered_at),
        ("Collected", proof.collected_at),
    )
    times = [(label, local_time(moment, zone)) for label, moment in steps if moment is not None]
    panel(sheet, [("Bin", proof.bin_serial), ("Size", proof.bin_size), *times], columns=3)
    remarks(sheet, (("Site", proof.site_address), ("Notes", proof.notes)))
    if proof.receiver is not None:
        _received(sheet, proof.receiver, zone)
    check_strip(sheet, proof.check_url)
    left_out = proof.photos_in_all - len(proof.photos)
    more = f" ({len(proof.photos)} of {proof.photos_in_all})" if left_out else f" ({len(proof.photos)})"
    sheet.ln(3)
    subheading(sheet, f"Photographs{more}")
    pictures(
        sheet,
        [
            Picture(photo.data, _caption(number, photo, zone))
            for number, photo in enumerate(proof.photos, start=1)
        ],
    )


def _received(sheet: Sheet, receiver: Receiver, zone: str) -> None:
    when = "" if receiver.signed_at is None else f"Signed {local_time(receiver.signed_at, zone)}"
    signed = Picture(receiver.signature, f"{receiver.name}\n{when}".strip())
    signature(sheet, "Received by", signed, empty="No signature")


def _caption(number: int, photo: Photo, zone: str) -> str:
    place = "" if photo.latitude is None else f"\n{photo.latitude:.5f}, {photo.longitude:.5f}"
    return f"{number}.  {local_time(photo.taken_at, zone)}{place}"
