"""Tables of the courier domain."""

from lattis_app.courier.models.disputes import CourierDispute
from lattis_app.courier.models.invoices import CourierInvoiceLine, CourierMerchantInvoice
from lattis_app.courier.models.merchants import CourierMerchant
from lattis_app.courier.models.parcels import CourierParcel
from lattis_app.courier.models.remittances import CourierRemittance, CourierRemittanceLine
from lattis_app.courier.models.runs import CourierSettlementRun, CourierSettlementRunLine

__all__ = [
    "CourierDispute",
    "CourierInvoiceLine",
    "CourierMerchant",
    "CourierMerchantInvoice",
    "CourierParcel",
    "CourierRemittance",
    "CourierRemittanceLine",
    "CourierSettlementRun",
    "CourierSettlementRunLine",
]
