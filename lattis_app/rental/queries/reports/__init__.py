"""Reports: sums made by PostgreSQL in one or two statements each (contract: rental.md, "Reports")."""
