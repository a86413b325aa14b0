"""The settings of a training one by one: what each is called, what it does, what it takes.

The same table serves the check of a configuration, the form in the window and the options of the
command line, so that they cannot differ. Names with a dot are fields of a part: ``data.count``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.data.choice import DATA_FIELDS
from digitpad.fields import FieldInfo
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping


FIELDS: Mapping[str, FieldInfo] = {
    **DATA_FIELDS,
    "architecture": FieldInfo(
        Marked("Network"),
        Marked(
            "The layers between the glyph and the answer: more of them read better and train"
            " longer."
        ),
    ),
    "options.dropout": FieldInfo(
        Marked("Dropout"),
        Marked(
            "Share of features that each step leaves out at random, so that none is relied on"
            " alone: less overfitting, slower learning."
        ),
        limits=(0, 0.95),
    ),
    "epochs": FieldInfo(
        Marked("Epochs"),
        Marked(
            "How often the network sees every drawing: more epochs take longer and help until the"
            " validation curve is flat."
        ),
        limits=(1, 10_000),
        whole=True,
    ),
    "batch_size": FieldInfo(
        Marked("Batch size"),
        Marked(
            "Drawings in each step: small batches make noisy steps that explore, large ones make"
            " smooth steps that run faster."
        ),
        limits=(1, 65_536),
        whole=True,
    ),
    "optimizer": FieldInfo(
        Marked("Optimizer"),
        Marked(
            "How gradients become steps: SGD takes them with momentum, Adam and AdamW scale each"
            " weight's step by its own history."
        ),
        choices={
            "sgd": Marked("SGD with momentum"),
            "adam": Marked("Adam"),
            "adamw": Marked("AdamW"),
        },
    ),
    "learning_rate": FieldInfo(
        Marked("Learning rate"),
        Marked(
            "Length of each step: too small learns slowly, too large makes the loss jump or become"
            " no number at all."
        ),
        limits=(1e-9, 10),
    ),
    "momentum": FieldInfo(
        Marked("Momentum"),
        Marked(
            "Share of the last direction that each step keeps: it smooths the way and speeds it up"
            " along slopes."
        ),
        limits=(0, 0.9999),
    ),
    "weight_decay": FieldInfo(
        Marked("Weight decay"),
        Marked(
            "Pulls all weights a little towards zero with each step, which keeps the network simple"
            " and lessens overfitting."
        ),
        limits=(0, 1),
    ),
    "schedule": FieldInfo(
        Marked("Schedule"),
        Marked(
            "How the learning rate moves while training: a falling rate settles, a rise at the"
            " start keeps first steps safe."
        ),
        choices={
            "constant": Marked("Constant"),
            "step": Marked("Steps"),
            "cosine": Marked("Cosine"),
            "one-cycle": Marked("One cycle"),
        },
    ),
    "warm_up": FieldInfo(
        Marked("Warm-up (epochs)"),
        Marked(
            "Lets the learning rate rise over so much of the first epochs, so that first steps in"
            " wild directions stay small."
        ),
        limits=(0, 1000),
    ),
    "step_epochs": FieldInfo(
        Marked("Epochs a step"),
        Marked(
            "With the schedule Steps, the learning rate falls each time so many epochs are done."
        ),
        limits=(1, 10_000),
        whole=True,
    ),
    "step_factor": FieldInfo(
        Marked("Step factor"),
        Marked("With the schedule Steps, the learning rate is multiplied by this at each fall."),
        limits=(1e-6, 1),
    ),
    "ema_steps": FieldInfo(
        Marked("Weight averaging (steps)"),
        Marked(
            "Measures and keeps the average of the weights over about so many steps, which is"
            " calmer than the last ones; 0 takes the weights as they are."
        ),
        limits=(0, 100_000),
        whole=True,
    ),
    "label_smoothing": FieldInfo(
        Marked("Label smoothing"),
        Marked(
            "Asks for a little less than full certainty, so that the network does not become sure"
            " of its mistakes."
        ),
        limits=(0, 0.99),
    ),
    "outlier_weight": FieldInfo(
        Marked("Weight of the outliers"),
        Marked(
            "How strongly drawings of no class are pushed towards no answer, where the data has"
            " any."
        ),
        limits=(0, 100),
    ),
    "initialisation": FieldInfo(
        Marked("Initialisation"),
        Marked(
            "Spread of the first random weights: He's suits ReLU, Xavier's keeps signals level in"
            " symmetric layers."
        ),
        choices={
            "he": Marked("He"),
            "xavier": Marked("Xavier"),
            "default": Marked("PyTorch's own"),
        },
    ),
    "precision": FieldInfo(
        Marked("Precision"),
        Marked(
            "bfloat16 computes with shorter numbers, which is faster where the processor knows"
            " them."
        ),
        choices={"float32": Marked("float32"), "bfloat16": Marked("bfloat16")},
    ),
    "augmentation.rotation_degrees": FieldInfo(
        Marked("Rotation (degrees)"),
        Marked(
            "Turns each drawing at random by up to this much, so that slanting hands are read too."
        ),
        limits=(0, 180),
    ),
    "augmentation.translation_px": FieldInfo(
        Marked("Translation (pixels)"),
        Marked(
            "Moves each drawing at random by up to this much, so that its exact place matters less;"
            " by whole pixels where nothing else changes it."
        ),
        limits=(0, 14),
    ),
    "augmentation.scale": FieldInfo(
        Marked("Scale (share)"),
        Marked(
            "Stretches or shrinks each drawing at random by up to this share, width and height by"
            " themselves."
        ),
        limits=(0, 0.9),
    ),
    "augmentation.shear_degrees": FieldInfo(
        Marked("Shear (degrees)"),
        Marked("Slants each drawing at random by up to this angle, as handwriting leans."),
        limits=(0, 60),
    ),
    "augmentation.stroke_width": FieldInfo(
        Marked("Stroke width (share)"),
        Marked(
            "Makes strokes thinner or thicker at random by up to this share of a pixel all round."
        ),
        limits=(0, 1),
    ),
    "augmentation.elastic_px": FieldInfo(
        Marked("Elastic (pixels)"),
        Marked("Bends each drawing like rubber by about this much, as a trembling hand would."),
        limits=(0, 5),
    ),
    "augmentation.augmented_share": FieldInfo(
        Marked("Augmented share"),
        Marked(
            "Share of the drawings that is changed at all; the others are shown to the network as"
            " they are, as the pad will show its own."
        ),
        limits=(0, 1),
    ),
    "validation_share": FieldInfo(
        Marked("Validation share"),
        Marked(
            "Share of the drawings that is kept aside to measure on: more measures better and"
            " leaves less to learn from."
        ),
        limits=(0.01, 0.5),
    ),
    "patience": FieldInfo(
        Marked("Patience (epochs)"),
        Marked(
            "Ends training after so many epochs without a better validation score; 0 goes on to the"
            " end."
        ),
        limits=(0, 10_000),
        whole=True,
    ),
    "monitor": FieldInfo(
        Marked("Monitored metric"),
        Marked("The validation score that says which epoch is best and when patience runs out."),
        choices={"loss": Marked("Validation loss"), "accuracy": Marked("Validation accuracy")},
    ),
    "device": FieldInfo(
        Marked("Device"),
        Marked("Where the network is computed: a graphics card is faster for large networks."),
        choices={
            "auto": Marked("Automatic"),
            "cpu": Marked("Processor"),
            "cuda": Marked("NVIDIA graphics"),
            "mps": Marked("Apple"),
        },
    ),
    "seed": FieldInfo(
        Marked("Seed"),
        Marked(
            "Start of all random numbers: the same seed repeats a training exactly, another one"
            " shows how much is luck."
        ),
        limits=(0, 2**63 - 1),
        whole=True,
    ),
}
