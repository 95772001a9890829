"""Values the document tests print, and the text read back out of the PDF."""

import io
from datetime import UTC, datetime

from pypdf import PdfReader

from lattis_app.core.money import Money
from lattis_app.core.pdf import Addressee, Letterhead

BUSINESS = Letterhead(
    name="Lattis Bin Services Sdn Bhd",
    roc_number="123456-A",
    sst_no="W10-1808-32000001",
    address="123 Jalan Ampang, 50450 Kuala Lumpur",
    email="info@lattis.com",
    phone="+603-1234 5678",
)
CUSTOMER = Addressee(
    name="ABC Construction Sdn Bhd",
    attention="John Doe",
    address="456 Jalan Puchong, 47100 Puchong",
    phone="+60123456789",
    sst_no="SST987654321",
)
ARABIC_CUSTOMER = Addressee(name="شركة البناء المتحدة", attention="أحمد", address="١٢ شارع الملك فهد، الرياض")
MOMENT = datetime(2026, 11, 21, 1, 42, tzinfo=UTC)
CHECK_URL = "https://lattis.example.com/check/7f3c9a1e"


def ringgit(sen: int) -> Money:
    return Money(sen, "MYR")


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def text_of(content: bytes) -> str:
    return "\n".join(pages_of(content))
