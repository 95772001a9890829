"""Tables of the marketplace domain."""

from lattis_app.marketplace.models.invoices import (
    MarketplaceInvoice,
    MarketplaceInvoiceItem,
    MarketplacePaymentClaim,
    MarketplaceRun,
)
from lattis_app.marketplace.models.orders import MarketplaceOrder
from lattis_app.marketplace.models.sellers import (
    MarketplaceProduct,
    MarketplaceSeller,
    MarketplaceSettings,
)

__all__ = [
    "MarketplaceInvoice",
    "MarketplaceInvoiceItem",
    "MarketplaceOrder",
    "MarketplacePaymentClaim",
    "MarketplaceProduct",
    "MarketplaceRun",
    "MarketplaceSeller",
    "MarketplaceSettings",
]
