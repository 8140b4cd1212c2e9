"""Models trained once for the tests of the classifier."""

from __future__ import annotations

import pytest

from classify.model import TrainedModel
from classify.scores import Proof
from classify.train import train
from models.profiles import Profile
from tests.support.cases import corpus

Trained = tuple[TrainedModel, Proof]


@pytest.fixture(scope="session")
def trained(siv: Profile) -> Trained:
    """What forty mails that are easy to tell apart teach."""
    return train(corpus(), siv)


@pytest.fixture(scope="session")
def model(trained: Trained) -> TrainedModel:
    return trained[0]
