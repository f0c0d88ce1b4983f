"""Fixtures of the attempts: stages to make them on, and what they are after."""

import uuid

import pytest
from escape import SYSTEM_ONLY, Escape, bystander, public_folder
from server import Hearth
from world import World


@pytest.fixture(scope="module")
def escape(hearth):
    """Stages with and without restrictions: see `tests/escape.py`."""
    with public_folder() as folder:
        stages = Escape(hearth, folder)
        yield stages
        stages.close()


@pytest.fixture(scope="module")
def world():
    """A network of the module's own, which the tests are in: see `tests/world.py`. The session's server is not in it."""
    with World() as world:
        yield world


@pytest.fixture(scope="module")
def escape_in_world(world):
    """Stages as `escape` has them, with servers on the world's host."""
    with public_folder() as folder:
        confined = Hearth(folder / "confined", environment=SYSTEM_ONLY)
        stages = Escape(confined, folder)
        yield stages
        try:
            stages.close()
        finally:
            assert confined.terminate() == 0
        assert not confined.complaints()


@pytest.fixture
def token():
    """A word that is nowhere else."""
    return f"secret-{uuid.uuid4().hex}"


@pytest.fixture
def secret(token):
    """A file of the host that everybody may read; it holds the token."""
    with public_folder() as folder:
        file = folder / "secret"
        file.write_text(token)
        file.chmod(0o644)
        yield str(file)


@pytest.fixture
def victim():
    """A process of the host, of the sandboxes' own user."""
    with bystander() as process:
        yield process
