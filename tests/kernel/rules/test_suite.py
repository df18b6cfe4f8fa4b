"""The public JSONLogic conformance suite."""

import json
import os
from pathlib import Path

import pytest

from tongban.kernel.rules.plain import evaluate

SHARED = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SUITE = SHARED / "data" / "jsonlogic" / "compatible.json"


def same(left, right):
    """Equal as JSON values: true is not 1, 1.0 is 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def test_the_whole_public_suite_passes():
    if not SUITE.exists():
        pytest.skip(f"the conformance suite is not at {SUITE}; set TONGBAN_SHARED")
    cases = [case for case in json.loads(SUITE.read_text()) if isinstance(case, dict)]
    assert len(cases) > 200
    failed = [
        (case, got)
        for case in cases
        if not same(got := evaluate(case["rule"], case.get("data")), case["result"])
    ]
    assert failed == []
