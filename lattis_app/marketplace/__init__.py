"""Marketplace: sellers deliver orders paid in cash on delivery, and owe their fees by weekly invoices (seed 003).

*Order*: a buyer's order at a seller; what is COD and delivered is billed. *Item*: an order on an invoice, frozen.
*Week*: Monday to Sunday in Europe/Skopje, named by its Monday. *Restricted*: a seller with an overdue invoice, who
takes no new orders and whose products are hidden. *Claim*: a seller says that an invoice is paid, an admin confirms it.
Contract: marketplace.md; lifecycles in `statuses.py`.
"""
