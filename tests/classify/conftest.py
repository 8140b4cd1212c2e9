"""Models trained once for the tests of the classifier."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from classify.evaluate import FieldReport
from classify.model import TrainedModel
from classify.train import train
from models.profiles import Profile
from tests.support.cases import corpus

Trained = tuple[TrainedModel, Mapping[str, FieldReport]]


@pytest.fixture(scope="session")
def trained(siv: Profile) -> Trained:
    """What forty mails that are easy to tell apart teach."""
    return train(corpus(), siv)


@pytest.fixture(scope="session")
def model(trained: Trained) -> TrainedModel:
    return trained[0]
