"""Lattis: rental, courier, sales, marketplace and retail billing in one product."""

import gc

gc.set_threshold(50_000, 20, 50)
"""A start makes half a million objects that stay: looking through them again and again was a quarter of its time."""
