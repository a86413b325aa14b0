"""Files of models that were taught, and statistics in files, made by somebody else."""

import json

import pytest
import torch
from handwriting import drawn, line
from safetensors.torch import load, save
from sentences import raises_error

from digitpad.data.public.excerpt import excerpt_files
from digitpad.learning.adaptation import teacher
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.recognition.architectures import MOST_POINTS
from digitpad.recognition.model_file import load_model, save_model
from digitpad.recognition.model_info import METADATA_KEY
from digitpad.recognition.model_store import bundled_model_path
from digitpad.samples.sample import Sample

LESSON = Sample.of("1", drawn([line((8, 20), (30, 0), (24, 100))]))


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The bundled model after a lesson, as a file."""
    path = tmp_path_factory.mktemp("taught") / "taught.safetensors"
    save_model(Teacher(load_model(bundled_model_path())).teach([LESSON]), path)
    return path.read_bytes()


@pytest.fixture
def write(content, tmp_path):
    """Write the file, changed."""

    def write(change):
        size = int.from_bytes(content[:8], "little")
        data = json.loads(json.loads(content[8 : 8 + size])["__metadata__"][METADATA_KEY])
        tensors = load(content)
        change(tensors, data)
        path = tmp_path / "changed.safetensors"
        path.write_bytes(save(tensors, metadata={METADATA_KEY: json.dumps(data)}))
        return path

    return write


def of_another_network(tensors, data):
    """A description of rows of another length than the network's, which fits itself."""
    data["options"]["sizes"][0][0] = 5
    for name in ("mean0", "basis0"):
        tensors[f"describer.{name}"] = tensors[f"describer.{name}"][:5].contiguous()


def changed(name, change):
    return lambda tensors, data: tensors.update({name: change(tensors[name])})


@pytest.mark.parametrize(
    "change",
    [
        of_another_network,
        lambda tensors, data: data["options"]["sizes"].pop(),
        lambda tensors, data: data["options"].update(points=MOST_POINTS + 1),
        lambda tensors, data: data["options"].update(close=-1),
        lambda tensors, data: data["options"].update(close=1.0),
        lambda tensors, data: data["options"].update(close=True),
        lambda tensors, data: data["options"].update(close=None),
        lambda tensors, data: data["options"].update(close=data["options"]["points"] + 1),
        lambda tensors, data: data["options"].update(near=1),
        *(
            changed(name, lambda tensor: tensor.to(torch.float8_e4m3fn))
            for name in ("points", "effects", "describer.mean0", "statistics.exemplars")
        ),
        changed("statistics.exemplars", lambda tensor: tensor.double() * 0 + 1e300),
        changed("statistics.logits", lambda tensor: tensor.float() * 0 + 1e38),
        changed("statistics.weights", lambda tensor: tensor * 0),
        changed("statistics.weights", lambda tensor: -tensor),
    ],
)
def test_what_does_not_fit_is_refused(write, change):
    path = write(change)
    with raises_error():
        load_model(path)


@pytest.mark.parametrize("count", ["x", None, [1], -5, 1.5, True])
def test_an_odd_number_of_lessons_counts_as_none(write, count):
    model = load_model(write(lambda tensors, data: data["origin"].update(lessons=count)))
    assert model.info.lessons == 0
    assert Teacher(model).teach([LESSON]).info.lessons == 1


def without_statistics(tensors, data):
    for name in [name for name in tensors if name.startswith("statistics.")]:
        del tensors[name]


def of_fewer_directions(tensors, data):
    """Statistics that fit the network and themselves, but not the lessons."""
    basis, exemplars = tensors["statistics.basis0"], tensors["statistics.exemplars"]
    left_out = basis.shape[1] - 3
    tensors["statistics.basis0"] = basis[:, :3].contiguous()
    tensors["statistics.exemplars"] = exemplars[:, left_out:].contiguous()


@pytest.mark.parametrize(
    "change",
    [
        of_fewer_directions,
        without_statistics,
        changed("statistics.mean0", lambda tensor: tensor * 0),
        changed("effects", lambda tensor: tensor * 0 + 1e38),
    ],
)
def test_what_does_not_fit_the_lessons_is_not_taught(write, change, monkeypatch):
    # The smaller excerpt does as well.
    monkeypatch.setattr(teacher, "excerpt_files", lambda _part: excerpt_files("test"))
    model = load_model(write(change))
    with raises_error(name=model.info.name):
        Teacher(model).teach([LESSON])


def test_no_more_lessons_are_learned_than_a_file_takes(write):
    def fill(tensors, data):
        data["options"]["points"] = MOST_POINTS
        for name in ("points", "effects"):
            tensors[name] = torch.zeros(MOST_POINTS, tensors[name].shape[1])

    model = load_model(write(fill))
    with raises_error("{name} has been taught so often", name=model.info.name):
        Teacher(model).teach([LESSON])
