"""Uploads: told by content, rewritten, small, and free of what the sender didn't mean to publish."""

import hashlib
import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError, Lock

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

from lattis_app.core import files
from lattis_app.core.errors import Invalid, PayloadTooLarge, UnsupportedMediaType
from lattis_app.core.files import CheckedFile, Upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: object
) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def photo_with_exif(**changes: object) -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "SecretPhone"
    exif[Base.Orientation] = changes.get("orientation", 1)
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = changes.get("taken", "2026:03:16 09:30:00")
    if "offset" in changes:
        exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = changes["offset"]
    exif.get_ifd(IFD.GPSInfo).update(
        changes.get(  # type: ignore[arg-type]  # a test's own values
            "gps",
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (3.0, 9.0, 28.8),
                GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (101.0, 42.0, 43.2),
            },
        )
    )
    return picture(exif=exif, comment=b"a private remark")


def checked(data: bytes, name: str = "photo.jpg") -> CheckedFile:
    return files.check(Upload(name, data))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("WEBP", "image/webp", "webp")],
)
def test_a_picture_is_described_by_its_content_whatever_its_name(
    kind: str, content_type: str, extension: str
) -> None:
    file = checked(picture(kind), "invoice.php")
    assert (file.content_type, file.file_name) == (content_type, f"invoice.{extension}")
    assert (file.width, file.height) == (800, 600)
    assert file.sha256 == hashlib.sha256(file.data).hexdigest()
    assert opened(file.data).format == kind


def test_a_pdf_is_kept_as_it_is() -> None:
    file = checked(PDF, "puspakom.pdf")
    assert (file.content_type, file.data, file.thumbnail, file.width) == ("application/pdf", PDF, None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00" + b"\0" * 200,
        b"PK\x03\x04" + b"\0" * 200,
        b"just some text",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_other_content_is_refused_even_when_it_is_called_a_photo(content: bytes) -> None:
    with pytest.raises(UnsupportedMediaType, match="only JPEG, PNG and WebP"):
        checked(content, "photo.jpg")


def test_a_heic_photo_is_refused_with_what_to_do() -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100
    with pytest.raises(UnsupportedMediaType, match="set the camera to JPEG"):
        checked(heic)


def test_nothing_of_the_exif_is_left_and_time_and_place_are_handed_back() -> None:
    original = photo_with_exif(offset="+08:00")
    assert b"SecretPhone" in original
    file = checked(original)
    for content in (file.data, file.thumbnail or b""):
        assert b"SecretPhone" not in content
        assert b"private remark" not in content
        assert b"Exif" not in content
        assert not dict(opened(content).getexif())
    assert file.taken_at == datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
    assert (file.latitude, file.longitude) == (3.158, 101.712)


def test_a_photo_without_a_zone_was_taken_in_the_business_s() -> None:
    assert checked(photo_with_exif()).taken_at == datetime(2026, 3, 16, 1, 30, tzinfo=UTC)


def test_south_and_west_are_negative() -> None:
    gps = {
        GPS.GPSLatitudeRef: "S",
        GPS.GPSLatitude: (33.0, 30.0, 0.0),
        GPS.GPSLongitudeRef: "W",
        GPS.GPSLongitude: (70.0, 36.0, 0.0),
    }
    file = checked(photo_with_exif(gps=gps))
    assert (file.latitude, file.longitude) == (-33.5, -70.6)


@pytest.mark.parametrize(
    "broken",
    [
        {"taken": "0000:00:00 00:00:00"},
        {
            "taken": "yesterday",
            "gps": {GPS.GPSLatitude: (400.0, 0.0, 0.0), GPS.GPSLongitude: (1.0, 0.0, 0.0)},
        },
        {"taken": "2026:13:40 25:61:61", "gps": {GPS.GPSLatitude: (3.0, 9.0)}},
    ],
)
def test_nonsense_in_the_exif_is_left_out(broken: dict[str, object]) -> None:
    file = checked(photo_with_exif(**({"gps": {}} | broken)))
    assert (file.taken_at, file.latitude, file.longitude) == (None, None, None)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"])
def test_a_photo_with_broken_exif_is_still_a_photo(exif: bytes) -> None:
    file = checked(picture(exif=exif))
    assert (file.width, file.taken_at, file.latitude) == (800, None, None)


def test_text_hidden_in_a_png_and_bytes_appended_to_a_jpeg_are_gone() -> None:
    note = PngInfo()
    note.add_text("Comment", "hidden words")
    assert b"hidden words" not in checked(picture("PNG", pnginfo=note)).data
    assert b"<script>" not in checked(picture() + b"<script>alert(1)</script>").data


def test_a_turned_photo_is_stored_upright() -> None:
    file = checked(photo_with_exif(orientation=6))
    assert (file.width, file.height) == (600, 800)


@pytest.mark.parametrize(
    ("size", "kept", "thumbnail"),
    [
        ((4000, 3000), (2560, 1920), (320, 240)),
        ((3000, 4000), (1920, 2560), (240, 320)),
        ((100, 80), (100, 80), (100, 80)),
        ((5000, 1), (2560, 1), (320, 1)),
    ],
)
def test_pictures_are_scaled_down_never_up(
    size: tuple[int, int], kept: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    file = checked(picture(size=size))
    small = opened(file.thumbnail or b"")
    assert (file.width, file.height) == kept == opened(file.data).size
    assert small.size == thumbnail
    assert small.format == "WEBP"


@pytest.mark.parametrize("mode", ["L", "P", "1", "I;16", "RGBA", "LA", "CMYK"])
def test_every_colour_mode_is_readable(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    file = checked(picture(kind, mode=mode))
    assert opened(file.data).mode == ("RGBA" if mode in ("RGBA", "LA") else "RGB")


def test_no_more_than_two_pictures_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    three, counting, inside, most = Barrier(3, timeout=0.5), Lock(), 0, 0
    plain = files._plain

    def observed(image: Image.Image, content_type: str) -> Image.Image:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        with suppress(BrokenBarrierError):
            three.wait()
        with counting:
            inside -= 1
        return plain(image, content_type)

    monkeypatch.setattr(files, "_plain", observed)
    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(checked, [picture()] * 6))

    assert (len(kept), most) == (6, 2)


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_100, 11_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(PayloadTooLarge, match="more than 65 megapixels"):
        checked(png_claiming(side, side), "bomb.png")


def test_a_file_over_the_size_limit_is_refused_unread() -> None:
    with pytest.raises(PayloadTooLarge, match="at most 20 MB"):
        checked(b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (picture()[:2000], "is damaged"),
        (picture()[:20], "is damaged"),
        (picture("PNG")[:300], "is damaged"),
        (PDF[:30], "not a complete PDF"),
    ],
)
def test_empty_and_damaged_files_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        checked(content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\site photo.JPEG", "site photo.jpg"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ('"><script>.jpg', "script.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("صورة الموقع.jpg", "صورة الموقع.jpg"),
        ("no. 12 Jalan Ampang", "no. 12 Jalan Ampang.jpg"),
        ("x" * 400 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_names_are_made_harmless(sent: str, kept: str) -> None:
    assert files.safe_name(sent, "jpg") == kept


def test_a_file_that_was_checked_before_is_not_written_anew() -> None:
    kept = checked(picture())

    assert files.check(kept) is kept
