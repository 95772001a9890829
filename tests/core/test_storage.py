"""The store: whole files or none, private, inside its folder; the same contract on S3."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from lattis_app.core import storage as stores
from lattis_app.core.errors import NotFound
from lattis_app.core.settings import Settings, reset_settings, settings
from lattis_app.core.storage import BadKey, LocalFolder, S3Bucket, Storage

moto_server = pytest.importorskip("moto.server", reason="an S3 server (moto) is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path / "attachments")


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    for name, value in {
        "STORAGE_URL": "s3://lattis/files",
        "STORAGE_ENDPOINT": s3_endpoint,
        "STORAGE_ACCESS_KEY": "test",
        "STORAGE_SECRET_KEY": "test",
    }.items():
        monkeypatch.setenv(f"LATTIS_{name}", value)
    reset_settings()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    resource = boto3.resource("s3", endpoint_url=s3_endpoint, region_name="us-east-1", **keys)
    resource.create_bucket(Bucket="lattis")
    yield stores.storage()
    resource.Bucket("lattis").objects.all().delete()
    resource.Bucket("lattis").delete()
    reset_settings()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> Storage:
    chosen: Storage = request.getfixturevalue(request.param)
    return chosen


def test_what_was_put_is_what_one_gets(store: Storage) -> None:
    store.put("attachments/2026/11/a/original.jpg", b"\x00pixels\xff", "image/jpeg")
    assert store.get("attachments/2026/11/a/original.jpg") == b"\x00pixels\xff"


def test_an_unknown_key_is_not_found(store: Storage) -> None:
    store.put("attachments/here/x.jpg", b"x", "image/jpeg")
    for absent in ("attachments/there/x.jpg", "attachments/here", "attachments/here/x.jpg/y"):
        with pytest.raises(NotFound):
            store.get(absent)


def test_deleting_twice_is_deleting_once(store: Storage) -> None:
    store.put("attachments/a/x.jpg", b"x", "image/jpeg")
    store.put("attachments/b/x.jpg", b"y", "image/jpeg")
    store.delete("attachments/a/x.jpg")
    store.delete("attachments/a/x.jpg")
    assert [file.key for file in store.stored("attachments")] == ["attachments/b/x.jpg"]


def test_the_list_names_what_is_below_a_prefix_with_size_and_time(store: Storage) -> None:
    store.put("attachments/a/x.jpg", b"123", "image/jpeg")
    store.put("attachments-other/x.jpg", b"1", "image/jpeg")
    (file,) = store.stored("attachments")
    assert (file.key, file.size_bytes) == ("attachments/a/x.jpg", 3)
    assert abs(file.modified_at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "key",
    [
        "../secrets.json", "a/../../secrets.json", "/etc/passwd", "a//b", "a/./b", ".hidden", "a/.part", "",
        "a\\b", "a b", "Upper", "a\x00b", "a/", "~root", "a%2e%2e", "x" * 301, "a/..b/c", "a\n",
    ],
)  # fmt: skip
def test_a_key_that_could_leave_the_store_is_refused(store: Storage, key: str) -> None:
    for act in (
        lambda: store.put(key, b"x", "image/jpeg"),
        lambda: store.get(key),
        lambda: store.delete(key),
    ):
        with pytest.raises(BadKey):
            act()


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: LocalFolder, tmp_path: Path) -> None:
    folder.check()
    (tmp_path / "outside").mkdir()
    (folder.root / "door").symlink_to(tmp_path / "outside")
    with pytest.raises(BadKey):
        folder.put("door/x.jpg", b"x", "image/jpeg")
    assert list((tmp_path / "outside").iterdir()) == []


def test_files_and_folders_are_private(folder: LocalFolder) -> None:
    folder.put("attachments/a/x.jpg", b"x", "image/jpeg")
    path = folder.root / "attachments/a/x.jpg"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_nothing(folder: LocalFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.put("attachments/a/x.jpg", b"x", "image/jpeg")
    assert [path for path in folder.root.rglob("*") if path.is_file()] == []


def test_readers_never_see_half_a_file(folder: LocalFolder) -> None:
    versions = [bytes([number]) * 300_000 for number in range(8)]
    folder.put("attachments/a/x.jpg", versions[0], "image/jpeg")
    writers = [
        threading.Thread(target=folder.put, args=("attachments/a/x.jpg", version, "image/jpeg"))
        for version in versions
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert folder.get("attachments/a/x.jpg") in versions
    for writer in writers:
        writer.join()
    assert len(list(folder.stored("attachments"))) == 1


def test_the_settings_choose_the_store(bucket: Storage) -> None:
    assert isinstance(bucket, S3Bucket)
    assert (bucket.bucket, bucket.prefix) == ("lattis", "files/")


def test_without_a_setting_files_are_below_home() -> None:
    chosen = stores.storage()
    assert isinstance(chosen, LocalFolder)
    assert chosen.root == settings().home / "attachments"


def test_a_store_that_cannot_be_reached_fails_its_check(folder: LocalFolder) -> None:
    folder.check()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = Settings(
        storage_url="s3://lattis", storage_endpoint=f"http://127.0.0.1:{port}",
        storage_access_key="test", storage_secret_key="test",
    )  # fmt: skip
    with pytest.raises(Exception, match="Could not connect"):
        stores._s3(chosen).check()


@pytest.mark.parametrize("url", ["http://bucket", "s3://", "bucket"])
def test_an_address_that_is_not_a_bucket_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        stores._s3(Settings(storage_url=url))
