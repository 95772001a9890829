"""Rental: bins hired out to customers, brought and collected by drivers, invoiced and paid (seed 000).

*Booking*: a customer wants a bin of a size on a day; its dispatcher's view is an *order*, same id.
*Delivery order (DO)*: the job itself; `status` is its commercial side, `fulfilment_status` the driver's.
*Movement*: one bin going out, in, across or to repair. *Introducer*: who brought the customer and earns a
*commission* once the invoice is paid. Contract: rental.md; lifecycles in `statuses.py`.
"""
