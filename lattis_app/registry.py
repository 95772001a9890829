"""The domains and what each hands over: the one list of them."""

from dataclasses import dataclass
from types import ModuleType

DOMAINS: tuple[ModuleType, ...] = ()

DEMO_PASSWORD = "lattis-demo"  # noqa: S105 - public by design; production refuses demo data


@dataclass(frozen=True)
class DemoAccount:
    """Who a visitor may sign in as, and with what."""

    role: str
    sign_in: str


DEMO_ACCOUNTS = (
    DemoAccount("Platform", "super@lattis.com"),
    DemoAccount("Administrator", "admin@lattis.com"),
    DemoAccount("Driver", "Ahmad Rahman, IC 920815-14-5678, phone 012-3456789"),
    DemoAccount("Merchant", "merchant@lattis.com"),
    DemoAccount("Sales rep", "rep@lattis.com"),
    DemoAccount("Sales manager", "sales@lattis.com"),
    DemoAccount("Seller", "seller@lattis.com"),
    DemoAccount("Shop owner", "owner@lattis.com"),
    DemoAccount("Shop manager", "manager@lattis.com"),
    DemoAccount("Cashier", "cashier@lattis.com"),
    DemoAccount("Viewer", "viewer@lattis.com"),
)


def is_empty() -> bool:
    """Whether the database holds no business data yet."""
    return all(domain.demo.is_empty() for domain in DOMAINS)


def load_demo() -> None:
    """Fill an empty database with a business to look at."""
    for domain in DOMAINS:
        domain.demo.load()
