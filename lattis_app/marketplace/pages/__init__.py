"""The pages of marketplace: a seller's own, and the administrator's."""
