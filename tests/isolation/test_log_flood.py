"""Writing log lines without end. The bound on one call's output stops it: the rest is counted, and told in a `logsDropped` record."""

import json

MIB = 1 << 20
BOUND_MIB = 10
LINE_BYTES = 1023  # without its end
LINES_OF_A_MIB = 1024
ATTEMPT = """
import sys
def attempt(mebibytes):
    line = "x" * 1023 + "\\n"
    for _ in range(mebibytes * 1024):
        sys.stdout.write(line)
    sys.stdout.flush()
    return "written"
"""
JSON_LOGS = {"LoggingConfig": {"LogFormat": "JSON"}, "Timeout": 60}


def flood(stage, mebibytes):
    """How many lines were kept, and the records of what was dropped."""
    assert stage.got(ATTEMPT, mebibytes, **JSON_LOGS) == "written"
    messages = stage.messages(ATTEMPT, **JSON_LOGS)
    kept = sum(message.startswith("xxx") for message in messages)
    records = [json.loads(message) for message in messages if message.startswith("{")]
    return kept, [record["record"] for record in records if record.get("type") == "platform.logsDropped"]


def test_the_rest_is_dropped_and_told(escape):
    kept, [dropped] = flood(escape(), BOUND_MIB + 3)
    assert (BOUND_MIB - 1) * MIB <= kept * LINE_BYTES <= BOUND_MIB * MIB
    assert dropped["droppedRecords"] == (BOUND_MIB + 3) * LINES_OF_A_MIB - kept
    assert LINE_BYTES <= dropped["droppedBytes"] / dropped["droppedRecords"] <= LINE_BYTES + 1
    assert dropped["reason"]


def test_a_call_within_the_bound_drops_nothing(escape):
    stage, configuration = escape(), JSON_LOGS | {"Timeout": 59}
    assert stage.got(ATTEMPT, 1, **configuration) == "written"
    assert not [message for message in stage.messages(ATTEMPT, **configuration) if "logsDropped" in message]


def test_all_is_kept_without_it(escape):
    assert flood(escape("output-limit"), BOUND_MIB + 3) == ((BOUND_MIB + 3) * LINES_OF_A_MIB, [])
