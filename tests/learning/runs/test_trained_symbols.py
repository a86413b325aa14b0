"""A network that is trained on the user's own symbols says which set it reads."""

import numpy as np
import torch

from digitpad.data.dataset import Dataset, Source, TrainingData
from digitpad.learning.runs.own_data import origin_of
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import ModelStore, bundled_model_path
from digitpad.recognition.networks import build_network

OPTIONS = {"widths": [2, 2, 2, 2]}


def test_the_set_is_that_of_the_warm_start_if_its_classes_are(tmp_path):
    torch.manual_seed(0)
    models = ModelStore(tmp_path, bundled_model_path())
    for name, origin in (("runes", {"symbols": "runes", "parent": "x"}), ("others", {})):
        info = ModelInfo(name, "padnet", ("a", "b", "c"), OPTIONS, origin=origin)
        models.add(Model(info, build_network("padnet", 3, OPTIONS).eval()), name)

    def said(warm_start, classes=("a", "b")):
        some = Dataset(np.zeros((2, 28, 28), np.uint8), np.arange(2), classes, "Mine")
        data = TrainingData(classes, (Source(some),), {"Mine": some}, None)
        return origin_of(models, warm_start, data)

    assert said("runes") == {"data": "Mine", "symbols": "runes"}
    for warm_start in ("others", "gone", None):
        assert said(warm_start) == {"data": "Mine"}
    assert said("runes", ("a", "x")) == {"data": "Mine"}
