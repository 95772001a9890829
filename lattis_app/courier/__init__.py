"""Courier: parcels carried for merchants, the cash collected on delivery settled to them (seed 001).

*Parcel*: what is carried; `status` is where it is, `financial_status` how far its money is.
*Merchant invoice*: one settlement of a merchant's parcels; what is payable may be negative, then the merchant owes.
*Clearance*: a correction of a parcel already paid, which rides on the merchant's next invoice.
*Remittance*: what a delivery partner says it has collected and paid over.
Contract: courier.md; lifecycles in `statuses.py`.
"""
