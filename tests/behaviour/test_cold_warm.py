"""Sandboxes are reused between invocations, one invocation at a time."""

import re
from concurrent.futures import ThreadPoolExecutor

from function import invoke, refused, wait_active, zip_of
from server import eventually

COUNTER = """\
    import uuid
    sandbox, calls = uuid.uuid4().hex, 0
    def lambda_handler(event, context):
        global calls
        calls += 1
        return [sandbox, calls]
"""


def test_module_state_lives_on(lam, function):
    name = function(COUNTER)
    first, second = invoke(lam, name).json, invoke(lam, name).json
    assert second == [first[0], first[1] + 1]


def test_tmp_lives_on(lam, function):
    name = function("""\
        import os
        def lambda_handler(event, context):
            with open("/tmp/count", "a") as file: file.write("x")
            return os.path.getsize("/tmp/count")
    """)
    assert [invoke(lam, name).json for _ in range(3)] == [1, 2, 3]


def test_new_code_gets_new_sandboxes(lam, function):
    name = function(COUNTER)
    old = invoke(lam, name).json[0]
    lam.update_function_configuration(FunctionName=name, Environment={"Variables": {"A1": "b"}})
    wait_active(lam, name)
    assert invoke(lam, name).json[0] != old
    lam.update_function_code(FunctionName=name, ZipFile=zip_of("def lambda_handler(e, c): return 'new'\n"))
    wait_active(lam, name)
    assert invoke(lam, name).json == "new"


def test_one_invocation_at_a_time_in_a_sandbox(lam, function):
    name = function("""\
        import time, uuid
        sandbox, busy = uuid.uuid4().hex, False
        def lambda_handler(event, context):
            global busy
            assert not busy
            busy = True
            time.sleep(0.3)
            busy = False
            return sandbox
    """, Timeout=30)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: invoke(lam, name), range(4)))
    assert [answer.error for answer in answers] == [None] * 4
    assert len({answer.json for answer in answers}) >= 2, "invocations at the same time run side by side"


def test_functions_never_share_a_sandbox(lam, function):
    one, other = function(COUNTER, suffix="-1"), function(COUNTER, suffix="-2")
    assert invoke(lam, one).json[0] != invoke(lam, other).json[0]


def test_an_idle_sandbox_ends_after_its_keep_alive(start_hearth, function):
    hearth = start_hearth("--keep-alive-seconds", 1)
    lam = hearth.client("lambda")
    name = function(COUNTER, client=lam)
    first = invoke(lam, name).json[0]
    eventually(lambda: hearth.json("GET", "/hearth/health")["pool"]["idle"] == 0, what="the end of the idle sandbox")
    assert invoke(lam, name).json[0] != first


def test_idle_sandboxes_make_room_under_the_memory_budget(start_hearth, function):
    hearth = start_hearth("--memory-mib", 256)
    lam = hearth.client("lambda")
    names = [function(COUNTER, suffix=f"-{number}", client=lam, MemorySize=128) for number in range(3)]
    pool = lambda: hearth.json("GET", "/hearth/health")["pool"]
    for name in names:
        assert invoke(lam, name).json[1] == 1
        assert pool()["memoryMiB"] <= 256
    # The one used longest ago made room; the last one is warm.
    assert invoke(lam, names[2]).json[1] == 2
    assert invoke(lam, names[0]).json[1] == 1
    large = function(COUNTER, suffix="-large", client=lam, MemorySize=512)
    with refused("TooManyRequestsException", re.compile("512 MiB wanted, the budget of 256 MiB"), 429):
        invoke(lam, large)
