"""Ledger: append-only double entry. Every event that changes what somebody owes or holds posts a balanced set.

A positive amount is a debit, a negative one a credit; a correction is a reversing transaction. The sum of all
entries is zero, always. Contract: api.md, "Ledger".
"""
