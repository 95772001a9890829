"""A page of HTML as the person who looks at it reads it."""

import re
from html import unescape


def words(page: str) -> str:
    """The text of a page on one line, without its tags and styles."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S)).split())
