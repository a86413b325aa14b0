"""The settings of a training: title, help and range of each.

Configurations, the form in the window and the options of the command line all use this table. A
name with a dot is a field of a part, such as ``data.count``.
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
            "The layers between the glyph and the prediction. A larger network reads better and"
            " takes longer to train."
        ),
    ),
    "options.dropout": FieldInfo(
        Marked("Dropout"),
        Marked(
            "Share of features that each step leaves out at random, so that the network does not"
            " rely on any one of them. Less overfitting, slower learning."
        ),
        limits=(0, 0.95),
    ),
    "epochs": FieldInfo(
        Marked("Epochs"),
        Marked(
            "How often the network sees every drawing. More epochs take longer, and help until the"
            " validation curve is flat."
        ),
        limits=(1, 10_000),
        whole=True,
    ),
    "epoch_steps": FieldInfo(
        Marked("Minimum steps in an epoch"),
        Marked(
            "With small data, an epoch goes through it several times, so that it has at least about"
            " this many steps. 0 shows each drawing once."
        ),
        limits=(0, 10_000),
        whole=True,
    ),
    "batch_size": FieldInfo(
        Marked("Batch size"),
        Marked(
            "Drawings in each step. Small batches make noisy steps that explore; large ones make"
            " smooth steps that run faster."
        ),
        limits=(1, 65_536),
        whole=True,
    ),
    "optimizer": FieldInfo(
        Marked("Optimizer"),
        Marked(
            "How gradients become steps. SGD uses them with momentum; Adam and AdamW scale each"
            " weight's step by its own history; Muon turns a layer's weights in all directions"
            " alike, and learns from fewer steps."
        ),
        choices={
            "sgd": Marked("SGD with momentum"),
            "adam": Marked("Adam"),
            "adamw": Marked("AdamW"),
            "muon": Marked("Muon"),
        },
    ),
    "learning_rate": FieldInfo(
        Marked("Learning rate"),
        Marked(
            "Length of each step. Too small, and the network learns slowly; too large, and the loss"
            " jumps or is no longer a number."
        ),
        limits=(1e-9, 10),
    ),
    "momentum": FieldInfo(
        Marked("Momentum"),
        Marked(
            "Share of the last step's direction that each step keeps. It smooths the steps, and"
            " makes them longer along slopes."
        ),
        limits=(0, 0.9999),
    ),
    "weight_decay": FieldInfo(
        Marked("Weight decay"),
        Marked(
            "Pulls all weights a little towards zero with each step. This keeps the network simple"
            " and reduces overfitting."
        ),
        limits=(0, 1),
    ),
    "schedule": FieldInfo(
        Marked("Schedule"),
        Marked(
            "How the learning rate changes during training. A falling rate lets the network settle;"
            " a rise at the start keeps the first steps safe."
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
            "The learning rate rises over this many epochs at the start, so that the first steps,"
            " whose directions are still poor, stay small."
        ),
        limits=(0, 1000),
    ),
    "step_epochs": FieldInfo(
        Marked("Epochs between drops"),
        Marked(
            "With the schedule Steps, the learning rate drops each time this many epochs are done."
        ),
        limits=(1, 10_000),
        whole=True,
    ),
    "step_factor": FieldInfo(
        Marked("Drop factor"),
        Marked("With the schedule Steps, the learning rate is multiplied by this at each drop."),
        limits=(1e-6, 1),
    ),
    "ema_steps": FieldInfo(
        Marked("EMA of the weights (steps)"),
        Marked(
            "Validates and keeps the exponential moving average of the weights over about this many"
            " steps, which varies less than the weights themselves. 0 uses the weights as they are."
        ),
        limits=(0, 100_000),
        whole=True,
    ),
    "label_smoothing": FieldInfo(
        Marked("Label smoothing"),
        Marked(
            "Asks the network for a little less than full certainty, so that it is not too sure of"
            " its mistakes."
        ),
        limits=(0, 0.99),
    ),
    "outlier_share": FieldInfo(
        Marked("Scribbles (share)"),
        Marked(
            "Adds scribbles, signs and other drawings of no class, as many as this share of the"
            " data. From them the network learns to reject what is none of its classes. Without"
            " them it takes a smiley for a 0."
        ),
        limits=(0, 1),
    ),
    "outlier_weight": FieldInfo(
        Marked("Scribbles (weight)"),
        Marked("How strongly the network learns to reject drawings of no class, if there are any."),
        limits=(0, 100),
    ),
    "samples_share": FieldInfo(
        Marked("Your samples (share)"),
        Marked(
            "Mixes in what you have drawn and labelled yourself, as this share of an epoch, redrawn"
            " again and again. One in five, about, is never learned from: it shows how well your"
            " hand is read. 0 leaves your samples out."
        ),
        limits=(0, 0.9),
    ),
    "initialisation": FieldInfo(
        Marked("Initialisation"),
        Marked(
            "Spread of the first random weights. He's suits ReLU; Xavier's suits symmetric"
            " activations."
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
            "bfloat16 computes with shorter numbers, which is faster on processors that support"
            " them."
        ),
        choices={"float32": Marked("float32"), "bfloat16": Marked("bfloat16")},
    ),
    "augmentation.rotation_degrees": FieldInfo(
        Marked("Rotation (degrees)"),
        Marked(
            "Turns each drawing at random by up to this much, so that the network learns tilted"
            " writing, too."
        ),
        limits=(0, 180),
    ),
    "augmentation.translation_px": FieldInfo(
        Marked("Translation (pixels)"),
        Marked(
            "Moves each drawing at random by up to this much, so that its exact place matters less."
            " It moves by whole pixels if nothing else changes it."
        ),
        limits=(0, 14),
    ),
    "augmentation.scale": FieldInfo(
        Marked("Scale (share)"),
        Marked(
            "Stretches or shrinks each drawing at random by up to this share, width and height"
            " independently."
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
            "Makes strokes thinner or thicker at random, by up to this share of a pixel on each"
            " side."
        ),
        limits=(0, 1),
    ),
    "augmentation.elastic_px": FieldInfo(
        Marked("Elastic (pixels)"),
        Marked("Bends each drawing like rubber by about this much, as if by a trembling hand."),
        limits=(0, 5),
    ),
    "augmentation.augmented_share": FieldInfo(
        Marked("Augmented share"),
        Marked(
            "Share of the drawings that are changed at all. The network sees the others as they"
            " are, like those on the pad."
        ),
        limits=(0, 1),
    ),
    "validation_share": FieldInfo(
        Marked("Validation share"),
        Marked(
            "Share of the drawings that is kept for validation. A larger share validates more"
            " precisely and leaves less to learn from. A dataset with a validation part of its own"
            " keeps that one."
        ),
        limits=(0.01, 0.5),
    ),
    "least_validation": FieldInfo(
        Marked("Minimum validation drawings"),
        Marked(
            "At least this many drawings of each class are kept for validation, but at most a"
            " quarter of them. Two or three drawings cannot show how good a network is."
        ),
        limits=(1, 10_000),
        whole=True,
    ),
    "patience": FieldInfo(
        Marked("Patience (epochs)"),
        Marked(
            "Stops training after this many epochs without improvement in validation. 0 trains to"
            " the end."
        ),
        limits=(0, 10_000),
        whole=True,
    ),
    "monitor": FieldInfo(
        Marked("Monitor"),
        Marked("The metric that decides which epoch is best, and when patience runs out."),
        choices={"loss": Marked("Validation loss"), "accuracy": Marked("Validation accuracy")},
    ),
    "epoch_weights": FieldInfo(
        Marked("Weights of epochs (MB)"),
        Marked(
            "Keeps the weights after each epoch with the training run, so that the page Inside can"
            " show how the network became what it is. They take this many megabytes at most: of a"
            " long training the first, the last, the best and an even choice of the others are"
            " kept. 0 keeps none."
        ),
        limits=(0, 100_000),
        whole=True,
    ),
    "device": FieldInfo(
        Marked("Device"),
        Marked("What the network is trained on. A graphics card is faster for large networks."),
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
            "Start of all random numbers. The same seed repeats a training exactly; another one"
            " shows how much is luck."
        ),
        limits=(0, 2**63 - 1),
        whole=True,
    ),
}
