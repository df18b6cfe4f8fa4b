import pytest

from tests.kernel import toy
from tongban.kernel.flow import registry


@pytest.fixture
def toy_flow():
    flow = registry.register(toy.make_flow())
    yield flow
    registry.forget(flow.kind)
