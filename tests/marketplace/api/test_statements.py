"""A seller's own statement over REST."""

import pytest

from lattis_app.identity.permissions import Role


def test_a_seller_reads_each_currency_of_the_own_statement(me, invoice) -> None:
    for currency, closing in (("MKD", 184.5), ("EUR", 2.0)):
        found = me.get("/api/seller/statement", params={"currency": currency}).json()
        assert (found["closing"], [line["document"] for line in found["lines"]]) == (
            closing,
            [invoice.invoice_number],
        )


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"")])
def test_it_comes_as_a_file_too(me, invoice, kind: str, begins: bytes) -> None:
    answer = me.get("/api/seller/statement", params={"format": kind, "currency": "MKD"})
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert kind != "csv" or invoice.invoice_number in answer.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MERCHANT])
def test_other_roles_have_none(api, invoice, role: Role) -> None:
    assert api.as_(role).get("/api/seller/statement").status_code == 403
