"""Tables of the rental domain."""

from lattis_app.rental.models.bins import RentalBin, RentalBinMovement
from lattis_app.rental.models.bookings import RentalBooking
from lattis_app.rental.models.customers import RentalBusiness, RentalCustomer, RentalDriver, RentalWasteItem
from lattis_app.rental.models.delivery_orders import (
    RentalCollectionReminder,
    RentalDeliveryOrder,
    RentalDeliveryOrderLine,
    RentalLorryTrip,
)
from lattis_app.rental.models.expenses import RentalExpense
from lattis_app.rental.models.hand_overs import RentalHandOver
from lattis_app.rental.models.invoices import (
    RentalCommission,
    RentalInvoice,
    RentalInvoiceLine,
    RentalPayment,
    RentalReceipt,
)
from lattis_app.rental.models.lorries import RentalLorry, RentalLorryDocument, RentalRentableLorry
from lattis_app.rental.models.pricing import RentalCharge, RentalHireTerms, RentalPriceCard
from lattis_app.rental.models.refunds import RentalRefund, RentalRefundPart
from lattis_app.rental.models.relocations import RentalRelocation
from lattis_app.rental.models.report_schedules import RentalReportSchedule

__all__ = [
    "RentalBin",
    "RentalBinMovement",
    "RentalBooking",
    "RentalBusiness",
    "RentalCharge",
    "RentalCollectionReminder",
    "RentalCommission",
    "RentalCustomer",
    "RentalDeliveryOrder",
    "RentalDeliveryOrderLine",
    "RentalDriver",
    "RentalExpense",
    "RentalHandOver",
    "RentalHireTerms",
    "RentalInvoice",
    "RentalInvoiceLine",
    "RentalLorry",
    "RentalLorryDocument",
    "RentalLorryTrip",
    "RentalPayment",
    "RentalPriceCard",
    "RentalReceipt",
    "RentalRefund",
    "RentalRefundPart",
    "RentalRelocation",
    "RentalRentableLorry",
    "RentalReportSchedule",
    "RentalWasteItem",
]
