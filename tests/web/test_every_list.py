"""Every list takes a page, a length and, where it can be saved, the kind of file beside its own filters."""

import re

from lattis_app.core import limits
from lattis_app.identity.permissions import Role

NOTHING = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
ROLES = (Role.ADMIN, Role.SELLER, Role.MERCHANT, Role.DRIVER)


def test_no_list_refuses_what_every_list_takes(api, rest_api, clock):
    limits.forget()
    clients = [api.as_(role) for role in ROLES]
    common, refused, lists = {"page": "1", "limit": "5", "format": "csv"}, {}, 0
    for path, methods in rest_api.openapi()["paths"].items():
        names = {each["name"] for each in methods.get("get", {}).get("parameters", ())}
        if "page" not in names:
            continue
        lists += 1
        asked = {name: value for name, value in common.items() if name in names}
        for client in clients:
            answer = client.get(re.sub(r"{\w+}", NOTHING, path), params=asked)
            if "extra inputs" in answer.text:
                refused[path] = answer.text
    assert lists >= 55
    assert refused == {}
