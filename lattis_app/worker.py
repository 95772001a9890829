"""Queued and recurring jobs in a process of their own (LATTIS_WORKER=external): `python -m lattis_app.worker`."""

import sys

from lattis_app import cli

if __name__ == "__main__":
    sys.exit(cli.main(["worker"]))
