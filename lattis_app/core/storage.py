"""Where files are kept: a private folder by default, an S3-compatible store by setting.

A key is a path of plain lower-case segments (`attachments/2026/11/<id>/original.jpg`), made by us and never
by a user; anything else is refused before it touches a path or a URL.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from lattis_app.core.errors import NotFound
from lattis_app.core.settings import Settings, settings

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_LONGEST_KEY = 300
_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class BadKey(ValueError):
    """A storage key that could leave its folder, or that no code of ours makes."""


@dataclass(frozen=True)
class StoredFile:
    """One file in the store."""

    key: str
    size_bytes: int
    modified_at: datetime


class Storage(Protocol):
    """What a store can do; a key is written once and never changed."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep these bytes: wholly or not at all."""

    def get(self, key: str) -> bytes:
        """The bytes of a key; raises NotFound."""

    def delete(self, key: str) -> None:
        """Forget a key; one that isn't there is fine."""

    def stored(self, prefix: str) -> Iterator[StoredFile]:
        """Every file below a prefix."""

    def check(self) -> None:
        """Raise unless the store can be reached."""


def storage() -> Storage:
    """The store this copy is set to use."""
    chosen = settings()
    if chosen.storage_url:
        return _s3(chosen)
    return LocalFolder(chosen.home / "attachments")


def require_key(key: str) -> str:
    """The key, if it is one we make; raises BadKey."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key) or ".." in key:
        raise BadKey(f"not a storage key: {key[:80]!r}")
    return key


class LocalFolder:
    """Files below one private folder, readable by the application's own account only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Write beside the target, then rename, so that nobody ever reads half a file."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.parent / f".{uuid4().hex}.part"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def get(self, key: str) -> bytes:
        """The file's bytes; raises NotFound."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NotFound.record("File", key) from error

    def delete(self, key: str) -> None:
        """Remove the file, and the folders it leaves empty."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.root or not folder.is_dir() or any(folder.iterdir()):
                return
            folder.rmdir()

    def stored(self, prefix: str) -> Iterator[StoredFile]:
        """Every finished file below a folder."""
        for path in sorted(self._path(prefix).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found = path.stat()
                key = path.relative_to(self.root).as_posix()
                yield StoredFile(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def check(self) -> None:
        """Raise unless the folder can be written."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise PermissionError(f"{self.root} cannot be written")

    def _path(self, key: str) -> Path:
        path = self.root / require_key(key)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise BadKey(f"{key} leads out of the store")
        return path


class S3Bucket:
    """Files in one bucket of an S3-compatible store, below an optional prefix."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Upload; the store shows the object only once it is complete."""
        self.client.put_object(Bucket=self.bucket, Key=self._name(key), Body=data, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The object's bytes; raises NotFound."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._name(key))
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise NotFound.record("File", key) from error
            raise
        with answer["Body"] as body:
            return bytes(body.read())

    def delete(self, key: str) -> None:
        """Remove the object."""
        self.client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def stored(self, prefix: str) -> Iterator[StoredFile]:
        """Every object below a prefix, a thousand per request."""
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self._name(prefix)}/"):
            for found in page.get("Contents", ()):
                key = found["Key"].removeprefix(self.prefix)
                yield StoredFile(key, found["Size"], found["LastModified"].astimezone(UTC))

    def check(self) -> None:
        """Raise unless the bucket answers."""
        self.client.head_bucket(Bucket=self.bucket)

    def _name(self, key: str) -> str:
        return self.prefix + require_key(key)


def _s3(chosen: Settings) -> S3Bucket:
    parts = urlsplit(str(chosen.storage_url))
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("LATTIS_STORAGE_URL must be like s3://bucket/prefix")
    secret = chosen.storage_secret_key.get_secret_value() if chosen.storage_secret_key else None
    client = _s3_client(chosen.storage_endpoint, chosen.storage_region, chosen.storage_access_key, secret)
    return S3Bucket(client, parts.netloc, parts.path.strip("/"))


@cache
def _s3_client(endpoint: str | None, region: str, access_key: str | None, secret_key: str | None) -> Any:
    # Most copies keep files in a folder and are spared the half second that boto3 takes to import.
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            s3={"addressing_style": "path" if endpoint else "auto"},
            # Stores other than AWS don't all know the newer checksum headers.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
