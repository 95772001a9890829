"""Every table of the product: importing this module registers them all in `SQLModel.metadata`."""
