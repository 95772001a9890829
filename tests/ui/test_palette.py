from lattis_app.core.actors import SYSTEM
from lattis_app.ui import palette
from lattis_app.ui.palette import Hit


def test_hits_stand_under_the_heading_of_their_kind() -> None:
    hits = [
        Hit("Bins", "ASR100", "free", "/b/1"),
        Hit("People", "Ahmad", "", "/p/1"),
        Hit("Bins", "ASR101", "", "/b/2"),
    ]

    shown = palette.rows(hits)

    assert [(row["heading"], row["title"]) for row in shown] == [
        ("Bins", "ASR100"),
        ("", "ASR101"),
        ("People", "Ahmad"),
    ]


def test_every_registered_search_is_asked(monkeypatch) -> None:
    monkeypatch.setattr(palette, "_finders", [])
    palette.search_with(lambda session, actor, words: [Hit("Bins", words, "", "/b")])
    palette.search_with(lambda session, actor, words: [Hit("People", actor.name, "", "/p")])

    assert [hit.title for hit in palette.find_hits(None, SYSTEM, "asr")] == ["asr", "Lattis"]
