"""The audit log as people read it: the history of a record, and everything that anybody changed.

It is written by `core.audit`; nothing here, and nothing else, can change it. Contract: api.md, "Audit".
"""
