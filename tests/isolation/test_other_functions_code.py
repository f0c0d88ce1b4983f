"""Reading another function's package. The mount namespace stops it: only the function's own is in its root."""

OTHER = """
WORD = "{token}"
def attempt(event):
    return "fine"
"""
ATTEMPT = """
def attempt(path):
    with open(path) as file:
        return file.read()
"""


def package_of(stage, token):
    """Where the server keeps the other function's code."""
    assert stage.got(OTHER.replace("{token}", token)) == "fine"
    [file] = [file for file in stage.server.data.rglob("lambda_function.py") if token in file.read_text()]
    return str(file)


def test_the_package_is_not_there(escape, token):
    stage = escape()
    assert stage.refused(ATTEMPT, package_of(stage, token)) == "ENOENT"


def test_its_own_folder_holds_its_own_package_alone(escape, token):
    stage = escape()
    package_of(stage, token)
    walk = "def attempt(event): return [os.path.join(at, name) for at, _, names in os.walk('/var') for name in names]"
    assert [path for path in stage.got(walk) if path.endswith(".py")] == ["/var/task/lambda_function.py"]


def test_it_is_read_without_it(escape, token):
    stage = escape("mount-namespace")
    assert token in stage.got(ATTEMPT, package_of(stage, token))
