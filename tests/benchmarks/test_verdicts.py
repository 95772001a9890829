"""What the benchmarks say of what they measured; how fast anything is, no test says."""

import json

from benchmarks.verdicts import Verdict, as_json, side_by_side, table

FAST = Verdict("list", "200/s", "floor 300/s", 0.67, 0.5, "≥")
SLOW = Verdict("page", "80 ms", "", 80, 50, "≤", "ms")


def test_a_verdict_compares_with_its_target_on_the_good_side() -> None:
    assert (FAST.met, SLOW.met) == (True, False)


def test_the_table_says_which_targets_are_missed() -> None:
    _, _, first, second = table([FAST, SLOW]).splitlines()
    assert first.split() == ["list", "200/s", "floor", "300/s", "0.67", "×", "≥", "0.5", "×", "met"]
    assert second.split() == ["page", "80", "ms", "80.00", "ms", "≤", "50", "ms", "MISSED"]


def test_programs_read_the_same() -> None:
    assert [(each["what"], each["met"]) for each in json.loads(as_json([FAST, SLOW]))] == [
        ("list", True),
        ("page", False),
    ]


def test_two_sides_take_turns_and_the_first_turn_does_not_count() -> None:
    asked: list[str] = []

    def ours() -> float:
        asked.append("ours")
        return 1000 if len(asked) <= 2 else 2

    def theirs() -> float:
        asked.append("theirs")
        return 4

    assert side_by_side(ours, theirs, repeats=2) == (2, 4, 0.5)
    assert asked == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]
