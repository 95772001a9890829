"""How courier's statuses and amounts read on its pages."""

from __future__ import annotations

from lattis_app.core.language import say
from lattis_app.core.money import Money
from lattis_app.courier.schemas.invoices import InvoiceTotals, MerchantInvoiceRow
from lattis_app.courier.statuses import (
    FINAL,
    DisputeStatus,
    FinancialStatus,
    MerchantInvoiceStatus,
    ParcelStatus,
    RemittanceMatch,
    RemittanceStatus,
)

PARCEL = {
    ParcelStatus.PENDING: ("Pending", "neutral"),
    ParcelStatus.PICKED_UP: ("Picked up", "info"),
    ParcelStatus.IN_TRANSIT: ("In transit", "info"),
    ParcelStatus.OUT_FOR_DELIVERY: ("Out for delivery", "info"),
    ParcelStatus.DELIVERED: ("Delivered", "ok"),
    ParcelStatus.PARTIAL_DELIVERY: ("Partly delivered", "warn"),
    ParcelStatus.RETURNED: ("Returned", "bad"),
    ParcelStatus.PAID_RETURN: ("Paid return", "warn"),
}
FINANCIAL = {
    FinancialStatus.PENDING: ("Not settled", "neutral"),
    FinancialStatus.INVOICED: ("Invoiced", "info"),
    FinancialStatus.PAID: ("Paid out", "ok"),
    FinancialStatus.CLEARANCE_PENDING: ("Correction due", "warn"),
    FinancialStatus.CLEARANCE_INVOICED: ("Correction invoiced", "info"),
    FinancialStatus.SETTLED: ("Settled", "ok"),
}
INVOICE = {
    MerchantInvoiceStatus.GENERATED: ("To pay", "info"),
    MerchantInvoiceStatus.PAID: ("Paid", "ok"),
    MerchantInvoiceStatus.CANCELLED: ("Cancelled", "neutral"),
}
DISPUTE = {
    DisputeStatus.OPEN: ("Open", "warn"),
    DisputeStatus.ACCEPTED: ("Accepted", "ok"),
    DisputeStatus.REJECTED: ("Rejected", "bad"),
}
REMITTANCE = {
    RemittanceStatus.MATCHED: ("To check", "warn"),
    RemittanceStatus.ACCEPTED: ("Accepted", "ok"),
    RemittanceStatus.DISCARDED: ("Discarded", "neutral"),
}
MATCH_IN_WORDS = {
    RemittanceMatch.MATCHED: "Matched",
    RemittanceMatch.SHORT: "Too little",
    RemittanceMatch.EXTRA: "Not expected",
    RemittanceMatch.MISSING: "Missing",
}
MATCH_TONES = {
    RemittanceMatch.MATCHED: "ok",
    RemittanceMatch.SHORT: "bad",
    RemittanceMatch.EXTRA: "warn",
    RemittanceMatch.MISSING: "bad",
}
STATUS_OPTIONS = tuple((str(status), word) for status, (word, _) in PARCEL.items())
FINAL_OPTIONS = tuple((str(status), PARCEL[status][0]) for status in FINAL)
FINANCIAL_OPTIONS = tuple((str(status), word) for status, (word, _) in FINANCIAL.items())
INVOICE_OPTIONS = tuple((str(status), word) for status, (word, _) in INVOICE.items())
DISPUTE_OPTIONS = tuple((str(status), word) for status, (word, _) in DISPUTE.items())


def invoice_status(invoice: MerchantInvoiceRow, *, to_merchant: bool = False) -> tuple[str, str]:
    """An invoice's status in words with its tone: what it waits for, or how it was settled."""
    waits = invoice.invoice_status is MerchantInvoiceStatus.GENERATED
    if invoice.carried_to_invoice_id is not None:
        return say("Carried forward"), "neutral"
    if waits and invoice.payable_amount < 0:
        return (say("You owe") if to_merchant else say("Merchant owes"), "warn")
    if waits and to_merchant:
        return say("On its way"), "info"
    word, tone = INVOICE[invoice.invoice_status]
    return say(word), tone


def totals(sums: InvoiceTotals, *, to_merchant: bool = False) -> str:
    """What invoices come to: to be paid out, and owed by merchants."""
    found = []
    if sums.to_pay:
        paid = Money(sums.to_pay, sums.currency).text()
        found.append(
            say("{amount} on its way", amount=paid) if to_merchant else say("{amount} to pay", amount=paid)
        )
    if sums.owed:
        found.append(owed(-sums.owed, sums.currency, to_merchant=to_merchant))
    return " · ".join(found) or say("all settled")


def whose(minor: int, *, to_merchant: bool = False) -> str:
    """Beside an amount below nothing: who owes it."""
    if minor >= 0:
        return ""
    return say("You owe") if to_merchant else say("Merchant owes")


def owed(minor: int, currency: str, *, to_merchant: bool = False) -> str:
    """An amount in a sentence; below nothing it says who owes: `Merchant owes RM 60.00`."""
    if minor >= 0:
        return Money(minor, currency).text()
    amount = Money(-minor, currency).text()
    if to_merchant:
        return say("You owe {amount}", amount=amount)
    return say("Merchant owes {amount}", amount=amount)
