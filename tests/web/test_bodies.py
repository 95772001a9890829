"""Bodies that are no text: refused by name, and only to those who may ask at all."""

import pytest

from lattis_app.identity.permissions import Role

NO_TEXT = {"content": b'{"name": "\xff"}', "headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/merchant-invoices"])
def test_a_body_that_is_no_text_is_refused_by_name(api, path):
    answer = api.as_(Role.ADMIN).post(path, **NO_TEXT)
    details = answer.json()["error"]["details"]
    assert (answer.status_code, details) == (400, {"field": "body", "reason": "is not text in UTF-8"})


def test_who_may_not_ask_is_told_so_before_what_is_wrong_with_the_body(api):
    assert api.anonymous().post("/v1/merchant-invoices", **NO_TEXT).status_code == 401
    assert api.as_(Role.MERCHANT).post("/v1/merchant-invoices", **NO_TEXT).status_code == 403
    form = {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}
    assert api.anonymous().post("/v1/remittances", **form).status_code == 401
    assert api.as_(Role.SELLER).post("/v1/remittances", **form).status_code == 403


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=y"])
def test_a_form_that_is_none_is_refused_by_name(api, kind):
    answer = api.as_(Role.ADMIN).post("/v1/remittances", content=b"{}", headers={"Content-Type": kind})
    details = answer.json()["error"]["details"]
    assert (answer.status_code, details) == (400, {"field": "body", "reason": "can't be read"})
