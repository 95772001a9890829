"""What may be uploaded: pictures and PDFs, told by their content, made harmless and small.

Pictures are decoded and written anew, so that only pixels survive: no EXIF, no comments, nothing appended.
When and where a picture was taken is handed back as values (contract: api.md, "Attachments").
"""

import hashlib
import io
import math
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from lattis_app.core import clock
from lattis_app.core.errors import Invalid, PayloadTooLarge, UnsupportedMediaType
from lattis_app.core.settings import settings

PDF = "application/pdf"
THUMBNAIL_TYPE = "image/webp"
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf"}
LONGEST_NAME = 120
MOST_PIXELS = 65_000_000
LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
DRAWING_SIDE, DRAWING_MARGIN = 1000, 12
FAINTEST_INK = 64
_PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_SCALABLE = frozenset({"L", "LA", "RGB", "RGBA"})
"""Colours that can be scaled as they are; the others are converted first."""
_HEIC = frozenset({"image/heic", "image/heif", "image/avif"})
_UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError,
    ZeroDivisionError, AttributeError, struct.error, zlib.error,
)  # fmt: skip
DECODED_AT_ONCE = 2
"""A file of a few kilobytes can take hundreds of megabytes while it is open, so others wait."""
_opening = BoundedSemaphore(DECODED_AT_ONCE)


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it; neither its name nor its claimed type is believed."""

    file_name: str
    data: bytes


@dataclass(frozen=True)
class CheckedFile(Upload):
    """A file that may be kept; a picture has a size, a thumbnail and perhaps a time and place."""

    content_type: str
    sha256: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def extension(self) -> str:
        """The extension that belongs to the content."""
        return EXTENSIONS[self.content_type]


@dataclass(frozen=True)
class MadeFile(CheckedFile):
    """A file that the product made itself, of whatever kind."""

    @property
    def extension(self) -> str:
        """The extension of its name."""
        return self.file_name.rpartition(".")[2]


def made(file_name: str, content_type: str, data: bytes) -> MadeFile:
    """A file that the product made, ready to be kept."""
    return MadeFile(file_name, data, content_type, hashlib.sha256(data).hexdigest())


def check(upload: Upload) -> CheckedFile:
    """Accept an upload, rewritten and described; one that was checked before is as it should be.

    Raises Invalid, PayloadTooLarge, UnsupportedMediaType.
    """
    if isinstance(upload, CheckedFile):
        return upload
    shown = safe_name(upload.file_name)
    _require_size(upload.data, shown)
    content_type = _type_of(upload.data, shown)
    name = safe_name(upload.file_name, EXTENSIONS[content_type])
    if content_type == PDF:
        _require_whole_pdf(upload.data, name)
        return CheckedFile(name, upload.data, PDF, hashlib.sha256(upload.data).hexdigest())
    return _picture(upload.data, name, content_type)


def check_drawing(upload: Upload, most_kilobytes: int) -> CheckedFile:
    """Accept a drawing, such as a signature: a small picture, kept as dark lines on white without what surrounds it.

    Raises as `check` does, and Invalid when nothing is drawn.
    """
    shown = safe_name(upload.file_name)
    if len(upload.data) > most_kilobytes * 1024:
        reason = f"larger than {most_kilobytes} KB"
        raise PayloadTooLarge(f"{shown} is {reason}", field="files", reason=reason)
    if upload.data and not is_picture(upload):
        reason = "only JPEG, PNG and WebP pictures are accepted as drawings"
        raise UnsupportedMediaType(f"{shown}: {reason}", field="files", reason=reason)
    checked = check(upload)
    with Image.open(io.BytesIO(checked.data)) as opened:
        picture = opened.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    lines = paper.convert("L")
    drawn = ImageOps.invert(lines).point(lambda darkness: 255 if darkness >= FAINTEST_INK else 0).getbbox()
    if drawn is None:
        raise Invalid.field("files", f"{checked.file_name}: nothing is drawn")
    lines = ImageOps.expand(lines.crop(drawn), border=DRAWING_MARGIN, fill="white")
    lines.thumbnail((DRAWING_SIDE, DRAWING_SIDE), Image.Resampling.LANCZOS)
    return _rewritten(lines, safe_name(upload.file_name, "png"), "image/png", Image.Exif())


def is_picture(upload: Upload) -> bool:
    """Whether a file's content says that it is a picture; it may still be a damaged one."""
    kind = filetype.guess(upload.data)
    return kind is not None and str(kind.mime).startswith("image/")


def safe_name(file_name: str, extension: str | None = None) -> str:
    """A file's name without path, control or shell characters, with the extension of its content."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", file_name))[-1]
    kept = "".join(char for char in base if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*%;')
    kept = " ".join(kept.split()).strip(". ")
    if extension is None:
        return kept[:LONGEST_NAME] or "file"
    stem, dot, last = kept.rpartition(".")
    stem = (stem if dot and len(last) <= 5 else kept).strip(". ")
    return f"{stem[: LONGEST_NAME - len(extension) - 1] or 'file'}.{extension}"


def _require_size(data: bytes, name: str) -> None:
    if not data:
        raise Invalid.field("files", f"{name} is empty")
    most = settings().max_upload_mb
    if len(data) > most * 1024 * 1024:
        size = f"{len(data) / 1024 / 1024:.1f}"
        raise PayloadTooLarge(
            f"{name} has {size} MB; at most {most} MB are accepted",
            field="files",
            reason=f"larger than {most} MB",
        )


def _type_of(data: bytes, name: str) -> str:
    kind = filetype.guess(data)
    content_type = str(kind.mime) if kind else ""
    if content_type in EXTENSIONS:
        return content_type
    if content_type in _HEIC:
        reason = (
            "HEIC and AVIF pictures can't be read; set the camera to JPEG (iPhone: Formats, Most Compatible)"
        )
        raise UnsupportedMediaType(f"{name}: {reason}", field="files", reason=reason)
    reason = "only JPEG, PNG and WebP pictures and PDF documents are accepted"
    raise UnsupportedMediaType(f"{name}: {reason}", field="files", reason=reason)


def _require_whole_pdf(data: bytes, name: str) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise Invalid.field("files", f"{name} is not a complete PDF")


def _picture(data: bytes, name: str, content_type: str) -> CheckedFile:
    try:
        with _opening, Image.open(io.BytesIO(data), formats=[_PILLOW_FORMATS[content_type]]) as image:
            _require_pixels(image, name)
            exif = image.getexif()
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if image.mode in _SCALABLE:
                image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(image)
            pixels = _plain(upright, content_type)
            return _rewritten(pixels, name, content_type, exif)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except _UNREADABLE as error:
        raise Invalid.field("files", f"{name} is damaged and can't be opened as a picture") from error


def _require_pixels(image: Image.Image, name: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(name)


def _too_many_pixels(name: str) -> PayloadTooLarge:
    megapixels = MOST_PIXELS // 1_000_000
    reason = f"has more than {megapixels} megapixels"
    return PayloadTooLarge(f"{name} {reason}", field="files", reason=reason)


def _plain(image: Image.Image, content_type: str) -> Image.Image:
    transparent = content_type != "image/jpeg" and image.has_transparency_data
    pixels = image.convert("RGBA" if transparent else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    pixels.info = {}
    return pixels


def _rewritten(pixels: Image.Image, name: str, content_type: str, exif: Image.Exif) -> CheckedFile:
    data = _encoded(pixels, content_type)
    small = pixels.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    latitude, longitude = _place(exif)
    return CheckedFile(
        file_name=name,
        content_type=content_type,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        width=pixels.width,
        height=pixels.height,
        thumbnail=_encoded(small, THUMBNAIL_TYPE),
        taken_at=_moment(exif),
        latitude=latitude,
        longitude=longitude,
    )


def _encoded(pixels: Image.Image, content_type: str) -> bytes:
    buffer = io.BytesIO()
    match content_type:
        case "image/jpeg":
            pixels.save(buffer, "JPEG", quality=85, optimize=True, progressive=True)
        case "image/png":
            pixels.save(buffer, "PNG", optimize=True)
        case _:
            pixels.save(buffer, "WEBP", quality=80, method=4)
    return buffer.getvalue()


def _moment(exif: Image.Exif) -> datetime | None:
    details = exif.get_ifd(IFD.Exif)
    written = str(details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime) or "")
    offset = str(details.get(Base.OffsetTimeOriginal) or "")
    try:
        local = datetime.strptime(written.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - its zone follows
        if re.fullmatch(r"[+-]\d\d:\d\d", offset):
            return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)
        return local.replace(tzinfo=clock.business_zone()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(IFD.GPSInfo)
    latitude = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "S", 90)
    longitude = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "W", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0.0, 0.0):
        return None, None
    return latitude, longitude


def _degrees(parts: object, side: object, negative: str, most: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if str(side).startswith(negative) else value, 6)
