"""Alive, ready, measured, documented; and honest about paths and methods that do not exist."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session

from lattis_app.core.frontend import PROJECT
from lattis_app.core.settings import settings
from lattis_app.identity.permissions import Role
from lattis_app.web import health


@pytest.fixture
def local(rest_api: FastAPI, session: Session) -> TestClient:
    return TestClient(rest_api, client=("127.0.0.1", 5000))


@pytest.fixture
def worker(session: Session) -> None:
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))


def test_alive(local: TestClient) -> None:
    assert local.get("/healthz").json() == {"status": "alive"}


def test_ready_when_database_queue_and_storage_work(local: TestClient, worker: None) -> None:
    answer = local.get("/readyz")
    assert answer.json() == {"status": "ready", "checks": {"database": "ok", "queue": "ok", "storage": "ok"}}
    assert answer.status_code == 200


def test_not_ready_without_a_worker(local: TestClient) -> None:
    answer = local.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["queue"]) == (503, "failed")


@pytest.mark.parametrize("broken", ["database", "storage"])
def test_not_ready_when_something_fails_and_no_detail_leaks(
    local: TestClient, worker: None, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail() -> None:
        raise OSError("secret path /srv/keys")

    monkeypatch.setitem(health.CHECKS, broken, fail)
    answer = local.get("/readyz")
    assert (answer.status_code, answer.json()["checks"][broken]) == (503, "failed")
    assert "secret" not in answer.text


def test_requests_are_counted_by_their_route(local: TestClient, api) -> None:
    client = api.as_(Role.ADMIN)
    before = local.get("/metrics").text
    client.get("/v1/users/6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    after = local.get("/metrics").text

    def count(numbers: str) -> float:
        found = re.search(
            r'lattis_requests_total\{method="GET",route="/v1/users/\{user_id\}",status="404"\} (\S+)', numbers
        )
        return float(found[1]) if found else 0

    assert count(after) - count(before) == 1
    assert "6f9619ff" not in after
    for name in (
        "lattis_request_seconds_bucket",
        "lattis_queue_jobs",
        "lattis_job_runs",
        "lattis_live_streams",
    ):
        assert name in after


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.8", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.8"}, 403),
    ],
)
def test_without_a_token_only_this_machine_sees_the_numbers(
    rest_api: FastAPI, session: Session, client: str, headers: dict[str, str], status: int
) -> None:
    assert TestClient(rest_api, client=(client, 1)).get("/metrics", headers=headers).status_code == status


def test_with_a_token_it_is_needed_everywhere(
    rest_api: FastAPI, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = settings().model_copy(update={"metrics_token": SecretStr("m" * 32)})
    monkeypatch.setattr(health, "settings", lambda: configured)
    remote, local = (TestClient(rest_api, client=(host, 1)) for host in ("10.0.0.8", "127.0.0.1"))
    assert remote.get("/metrics", headers={"Authorization": "Bearer " + "m" * 32}).status_code == 200
    assert remote.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert local.get("/metrics").status_code == 401


def test_the_documentation_needs_nothing_from_elsewhere(local: TestClient) -> None:
    page = local.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    for file in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (PROJECT / "assets" / file.removeprefix("/")).exists(), file


def test_the_description_names_both_ways_to_sign_in(local: TestClient) -> None:
    described = local.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["components"]["securitySchemes"]) == {"bearer", "cookie"}
    operation = described["paths"]["/v1/users"]["post"]
    assert operation["security"] == [{"bearer": []}, {"cookie": []}]
    assert "`identity:users:manage`" in operation["description"]
    assert {"201", "400", "401", "403", "404", "409", "412", "429"} <= set(operation["responses"])
    assert "security" not in described["paths"]["/v1/auth/login"]["post"]


def test_an_unknown_path_is_not_found_as_json(api) -> None:
    for path in ("/v1/nothing", "/api/nothing"):
        answer = api.anonymous().get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


def test_a_wrong_method_is_told_the_right_ones(api) -> None:
    answer = api.anonymous().delete("/v1/users")
    assert (answer.status_code, answer.json()["error"]["code"], answer.headers["Allow"]) == (
        405, "METHOD_NOT_ALLOWED", "GET, POST",
    )  # fmt: skip


def test_a_body_of_another_kind_is_refused(api) -> None:
    answer = api.as_(Role.ADMIN).post(
        "/v1/users", content="name=Siti", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_each_request_leaves_one_line_with_its_duration(api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "lattis_app.web.requests"):
        api.anonymous().get("/v1/users?q=secret")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "lattis_app.web.requests"]
    assert re.fullmatch(r"GET /v1/users 401 \d+ ms", line)
