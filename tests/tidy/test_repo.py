"""The rules of the code map, as a test: sizes, opening comments, directions, twins, and where `unsafe` may live."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
GATEWAY = REPOSITORY / "gateway" / "src"
RUST = sorted(path for crate in ("gateway", "invoker", "blueprints", "console-ui") for path in (REPOSITORY / crate).rglob("*.rs")
              if not {"target", "node_modules"} & set(path.relative_to(REPOSITORY).parts))
PYTHON = sorted(path for folder in ("tests", "blueprints", "invoker") for path in (REPOSITORY / folder).rglob("*.py")
                if not {"target", ".venv", ".peers"} & set(path.relative_to(REPOSITORY).parts))
TYPESCRIPT = sorted([*(REPOSITORY / "console-ui" / "src").rglob("*.ts"), *(REPOSITORY / "console-ui" / "src").rglob("*.tsx"),
                     *(REPOSITORY / "tests" / "console").glob("*.ts")])
SOURCES = RUST + PYTHON + TYPESCRIPT

MOST_LINES = 600
MOST_LINES_OF_A_FUNCTION = 70
SERVICES = ("lambda", "logs", "metrics")

# What each module of the gateway may name by `crate::…`, besides itself.
LOWEST = {"clock", "store"}
DOMAIN = LOWEST | {"auth"}
MAY_NAME = {
    "clock": set(),
    "config": set(),
    "protocol": set(),
    "host": {"config"},
    "store": {"clock"},
    "auth": {"protocol"},
    "function": DOMAIN,
    "log": DOMAIN,
    "metric": DOMAIN | {"function"},
    "record": DOMAIN | {"function"},
    "invocation": DOMAIN | {"function", "log", "metric", "record"},
    "api": DOMAIN | {"function", "log", "metric", "record", "invocation", "protocol", "config", "host"},
}


def named(path):
    return str(path.relative_to(REPOSITORY))


def code(path):
    """A Rust file without comments, string contents and its tests."""
    text = path.read_text().partition("\n#[cfg(test)]\nmod tests")[0]
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    return re.sub(r'"(\\.|[^"\\])*"', '""', text, flags=re.S)


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_is_short(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", RUST, ids=named)
def test_a_function_is_short(path):
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        found = re.match(r"(\s*)(pub(\([a-z]+\))? )?(const )?(async )?(unsafe )?fn (\w+)", line)
        if not found:
            continue
        # A trait's method may be a signature alone: it ends with a semicolon.
        opening = next((at for at in range(number, len(lines)) if lines[at].rstrip().endswith(("{", ";", "}"))), number)
        if lines[opening].rstrip().endswith("{"):
            closing = found[1] + "}"
            end = next((at for at in range(number, len(lines)) if lines[at] == closing), number)
            assert end - number < MOST_LINES_OF_A_FUNCTION, f"{found[7]} has {end - number + 1} lines"


@pytest.mark.parametrize("path", RUST, ids=named)
def test_a_rust_file_opens_with_its_purpose(path):
    assert path.read_text().startswith("//! "), "the first line says what the file owns"


@pytest.mark.parametrize("path", [path for path in PYTHON if path.parent.name != "hello-world-python" and path.name != "app.py"], ids=named)
def test_a_python_file_opens_with_its_purpose(path):
    assert path.read_text().startswith(('"""', "#!")), "the first line says what the file owns"


def names_its_subject(path):
    """Whether a test lies beside the one file that it tests."""
    subject = path.name.replace(".test.", ".")
    return subject != path.name and any(path.with_name(subject).with_suffix(suffix).exists() for suffix in (".ts", ".tsx"))


@pytest.mark.parametrize("path", [path for path in TYPESCRIPT if not names_its_subject(path)], ids=named)
def test_a_typescript_file_opens_with_its_purpose(path):
    assert path.read_text().startswith("// "), "the first line says what the file owns"


@pytest.mark.parametrize("path", [path for path in SOURCES if path != Path(__file__).resolve()], ids=named)
def test_nothing_is_left_for_later(path):
    assert not re.search(r"\b(TODO|FIXME|XXX|todo!|unimplemented!)", path.read_text())


@pytest.mark.parametrize("path", [path for path in RUST if "invoker/linux" not in named(path)], ids=named)
def test_unsafe_lives_in_invoker_linux(path):
    for found in re.finditer(r"\bunsafe\b(?!_)", code(path)):
        before = code(path)[:found.start()].splitlines()[-4:]
        assert any("expect(unsafe_code" in line for line in before), "unsafe outside invoker/linux needs #[expect(unsafe_code, …)]"


@pytest.mark.parametrize("path", [path for path in RUST if named(path).startswith("invoker/linux")], ids=named)
def test_every_unsafe_block_says_why_it_is_sound(path):
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.search(r"\bunsafe \{", line) and not line.lstrip().startswith("//"):
            assert any("SAFETY:" in before for before in lines[max(0, number - 8):number + 1]), f"line {number + 1}"


@pytest.mark.parametrize("path", sorted(GATEWAY.rglob("*.rs")), ids=named)
def test_a_lower_layer_never_names_a_higher_one(path):
    module = path.relative_to(GATEWAY).parts[0].removesuffix(".rs")
    if module in MAY_NAME:
        text = code(path)
        used = set(re.findall(r"\bcrate::(\w+)", text))
        for group in re.findall(r"\bcrate::\{([^;]*)\}", text):
            used |= set(re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"\{[^{}]*\}", "", group)))
        modules = {entry.name.removesuffix(".rs") for entry in GATEWAY.iterdir()}
        assert used & modules <= MAY_NAME[module] | {module}


@pytest.mark.parametrize("path", [path for path in RUST if named(path).startswith("invoker/")], ids=named)
def test_the_invoker_knows_nothing_of_aws(path):
    text = path.read_text().partition("\n#[cfg(test)]\nmod tests")[0]
    assert "arn:" not in text
    words = set(re.findall(r"[a-z]+", re.sub(r"https?://\S+", "", code(path)).lower()))
    assert not words & {"aws", "arn", "gateway", "http", "hyper"}


def test_every_operation_has_a_test_of_its_name():
    missing = []
    for service in SERVICES:
        rows = re.findall(r"^\s*\w+\s*=>\s*(\w+)", (GATEWAY / "api" / service / "mod.rs").read_text(), flags=re.M)
        missing += [f"tests/{service}/test_{operation}.py" for operation in rows
                    if not (REPOSITORY / "tests" / service / f"test_{operation}.py").exists()]
    assert not missing


def test_no_folder_has_a_name_that_says_nothing():
    empty = {"utils", "util", "common", "helpers", "misc", "shared", "manager", "base"}
    names = {part.partition(".")[0] for path in SOURCES for part in path.relative_to(REPOSITORY).parts}
    assert not names & empty
