"""The proof of delivery says which bin came where and when, with the photographs taken on site."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from PIL import Image

from lattis_app.core.pdf_pictures import LONGEST_SIDE, shrunk
from lattis_app.rental.documents import deliveries
from lattis_app.rental.documents.deliveries import Photo, ProofOfDelivery
from tests.rental.documents.printed import (
    ARABIC_CUSTOMER,
    BUSINESS,
    CHECK_URL,
    CUSTOMER,
    MOMENT,
    pages_of,
    text_of,
)


def picture(width: int = 640, height: int = 480, shade: int = 90) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 60)).save(kept, "JPEG")
    return kept.getvalue()


PHOTOS = (
    Photo(picture(shade=10), MOMENT, 3.13901, 101.68686),
    Photo(picture(480, 640, shade=20), MOMENT + timedelta(minutes=2)),
    Photo(picture(shade=30), MOMENT + timedelta(minutes=4)),
)
PROOF = ProofOfDelivery(
    business=BUSINESS,
    customer=CUSTOMER,
    number="DO-2026-00045",
    delivered_at=MOMENT,
    bin_serial="ASR00123",
    bin_size="4 × 12 × 6 ft",
    driver_name="Ahmad Rahman",
    lorry_registration="WXY 1234",
    site_address="789 Jalan Klang, 50000 Kuala Lumpur",
    check_url=CHECK_URL,
    photos=PHOTOS,
    photos_in_all=3,
    started_at=MOMENT - timedelta(minutes=42),
    purchase_order_number="PO-77812",
    ordered_by="Encik Lim",
)


def pictures_in(content: bytes) -> int:
    return sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_a_proof_names_bin_place_driver_and_times() -> None:
    shown = text_of(deliveries.render(PROOF))
    for words in (
        "PROOF OF DELIVERY", "DO-2026-00045", "ABC Construction Sdn Bhd", "ASR00123", "4 × 12 × 6 ft", "Ahmad Rahman",
        "WXY 1234", "789 Jalan Klang", "21 Nov 2026, 09:00", "21 Nov 2026, 09:42", "PO-77812", "Encik Lim", CHECK_URL,
    ):  # fmt: skip
        assert words in shown
    assert "Collected" not in shown


def test_three_photographs_fit_on_one_page_with_time_and_place() -> None:
    content = deliveries.render(PROOF)
    (page,) = pages_of(content)
    assert pictures_in(content) == 3
    for words in ("Photographs (3)", "1. 21 Nov 2026, 09:42", "3.13901, 101.68686", "3. 21 Nov 2026, 09:46"):
        assert words in " ".join(page.split())


def test_many_photographs_run_over_several_pages() -> None:
    many = tuple(replace(PHOTOS[0], data=picture(shade=number * 10)) for number in range(24))
    content = deliveries.render(replace(PROOF, photos=many, photos_in_all=31))
    pages = pages_of(content)
    assert (len(pages), pictures_in(content)) == (3, 24)
    assert "Photographs (24 of 31)" in pages[0]


def test_a_photograph_whose_file_is_gone_leaves_its_place() -> None:
    content = deliveries.render(replace(PROOF, photos=(PHOTOS[0], replace(PHOTOS[1], data=b""))))
    assert (pictures_in(content), "The file is no longer kept" in text_of(content)) == (1, True)


def test_an_arabic_customer_is_joined_and_reads_from_the_right() -> None:
    shown = text_of(deliveries.render(replace(PROOF, customer=ARABIC_CUSTOMER)))
    assert set("شركةالبناء") <= set(shown)
    assert "Photographs (3)" in shown


@pytest.mark.parametrize("size", [(4000, 3000), (1000, 3000), (200, 100)])
def test_a_photograph_is_made_no_larger_than_paper_needs(size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(shrunk(picture(*size)))) as small:
        assert max(small.size) == min(LONGEST_SIDE, max(size))
        assert small.width / small.height == pytest.approx(size[0] / size[1], rel=0.01)
