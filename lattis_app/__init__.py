"""Lattis: rental, courier, sales, marketplace and retail billing in one product."""
