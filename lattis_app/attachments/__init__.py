"""Files that belong to records: photos of a delivery order, a lorry's papers, an expense's receipt."""
