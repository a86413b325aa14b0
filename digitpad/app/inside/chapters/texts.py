"""The chapters: what they say, the view they stand beside, and the task of each.

They follow the tutorial (see `digitpad/README.md`), and say where Digitpad differs from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitpad.text import Marked

LAYERS, LOSS, MATTERS, THROUGH = range(4)
"""The views of the page, by their numbers."""


@dataclass(frozen=True, slots=True)
class FormulaOf:
    """A formula between two paragraphs.

    Attributes:
        name: of its file.
        words: what it says.
    """

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the tour.

    Attributes:
        name: in the settings, where it is kept that its task was done.
        title: what it is about.
        view: the number of the view that it stands beside.
        body: paragraphs and formulas.
        task: what to do.
        events: what shows that it was done: one of these has happened in a view.
        layer: the kind of layer that it is about; "" for none.
    """

    name: str
    title: str
    view: int
    body: tuple[str | FormulaOf, ...]
    task: str
    events: frozenset[str]
    layer: str = ""


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "mnist",
        Marked("What MNIST is"),
        LAYERS,
        (
            Marked(
                "MNIST is a collection of handwritten digits, the field's first exercise since"
                " 1998. Clerks of the American census bureau and pupils wrote them on forms."
            ),
            Marked(
                "60,000 of them are there to learn from, and 10,000 others to test with. Each is a"
                " glyph: 28 by 28 pixels with levels from 0, which is paper, to 255, which is ink."
            ),
            Marked(
                "This tour follows a lesson that many learn from, called the tutorial here. It"
                " builds one convolutional network, its ConvNet, and trains it on MNIST."
            ),
            Marked(
                "A network sees nothing but these 784 levels. It knows ten classes, the digits 0 to"
                " 9, and gives each of them a probability."
            ),
            Marked(
                "Every column of the view beside this text is a layer of the network, from your"
                " glyph to the answer. What you draw runs through all of them at once."
            ),
        ),
        Marked("Clear the pad and draw a digit. Watch it run through the layers."),
        frozenset({"drawn"}),
    ),
    Chapter(
        "preprocessing",
        Marked("Preprocessing"),
        LAYERS,
        (
            Marked(
                "People draw large or small, and anywhere. The network learned from digits that are"
                " all made alike, so your drawing is made like them: scaled into a box of 20 by 20"
                " pixels without changing its shape, and moved so that its centre of mass, the"
                " point on which the ink would balance, lies in the middle of the 28 by 28."
            ),
            Marked(
                "Your strokes are drawn anew at MNIST's width: a thick pen and a thin one give the"
                " same glyph."
            ),
            Marked("Then the levels are normalised, so that they lie around 0:"),
            FormulaOf(
                "normalisation",
                Marked("x is the level divided by 255, less the mean, divided by the deviation"),
            ),
            Marked(
                "μ is the mean of all levels, and σ their deviation, which says how far they mostly"
                " lie from the mean. Digitpad takes MNIST's own, 0.1307 and 0.3081. The tutorial"
                " takes 0.5 and 0.5, which gives values from -1 to 1."
            ),
        ),
        Marked("Click on a pixel of the column “input”, and read how its value is computed."),
        frozenset({"cell-shown:input"}),
        "input",
    ),
    Chapter(
        "convolution",
        Marked("Convolution"),
        LAYERS,
        (
            Marked(
                "A kernel is a small grid of weights. It is laid on a patch of the picture: each"
                " level is multiplied by the weight on it, and the products are added. The sum is"
                " one cell of a map."
            ),
            FormulaOf(
                "convolution",
                Marked(
                    "I convolved with K at i and j is the sum over m and n of I at i plus m and j"
                    " plus n, times K at m and n"
                ),
            ),
            Marked(
                "I is the picture and K the kernel; i and j are the row and the column of the cell,"
                " m and n those within the kernel. Where the window hangs over the edge, the"
                " picture is continued with zeros: this padding is hatched."
            ),
            Marked(
                "Then the window moves on, by a number of pixels that is called the stride. The"
                " same kernel is used everywhere, so it finds its pattern wherever that is, and a"
                " layer needs few weights."
            ),
            Marked(
                "Each kernel makes one map, also called a channel. In later layers a kernel has a"
                " grid for every map of the layer before."
            ),
            Marked(
                "What a cell depends on is its receptive field. It lights up in all earlier layers,"
                " and grows from layer to layer: the first one sees edges, later ones whole"
                " strokes."
            ),
        ),
        Marked(
            "Click on a cell of a layer “conv”, look at its products, and press Play: let the"
            " window slide over the whole picture."
        ),
        frozenset({"played"}),
        "conv",
    ),
    Chapter(
        "pooling",
        Marked("Activation and pooling"),
        LAYERS,
        (
            Marked(
                "A sum of sums is only another sum: two convolutions after each other could do no"
                " more than one. So between them stands an activation. ReLU lets positive values"
                " pass, and makes all others 0:"
            ),
            FormulaOf("relu", Marked("f of x is the larger one of 0 and x")),
            Marked(
                "Pooling makes maps smaller. Of each window of two by two cells only the largest"
                " value stays, so it does not matter where exactly a stroke is, and there is four"
                " times less to compute:"
            ),
            FormulaOf("max-pooling", Marked("y is the largest x in the window W")),
            Marked(
                "Batch normalisation, in most of Digitpad's networks, keeps the values of a channel"
                " near a mean of 0 and a deviation of 1, which makes learning faster:"
            ),
            FormulaOf(
                "batch-normalisation",
                Marked(
                    "y is gamma times x less the mean, divided by the square root of the variance"
                    " plus epsilon, plus beta"
                ),
            ),
            Marked(
                "γ and β are learned, μ and σ are the mean and the deviation of the channel, and ε"
                " is a tiny number that keeps the divisor from 0."
            ),
            Marked(
                "The tutorial's ConvNet has no batch normalisation, and no activation after its"
                " second convolution; Digitpad adds a ReLU there, after the pooling."
            ),
        ),
        Marked("Click on a cell of a layer “pool”, and see which value of the window wins."),
        frozenset({"cell-shown:pool"}),
        "pool",
    ),
    Chapter(
        "softmax",
        Marked("Fully connected and softmax"),
        LAYERS,
        (
            Marked(
                "At last the maps are written one after the other, as features. A fully connected"
                " layer multiplies every feature x by a weight w of its own for each class c, and"
                " adds a bias b. The sums z are the logits:"
            ),
            FormulaOf(
                "fully-connected",
                Marked("z of c is the sum over i of w of c and i, times x of i, plus b of c"),
            ),
            Marked(
                "Logits may be any numbers. Softmax makes probabilities of them: all are positive,"
                " and together they are 1. The largest logit wins. (e is the number 2.718…)"
            ),
            FormulaOf(
                "softmax",
                Marked("p of c is e to the z of c over T, divided by the sum of all of these"),
            ),
            Marked(
                "T is the temperature. It is found after the training, on digits that were not"
                " learned from, so that 90 % means right nine times in ten."
            ),
            Marked(
                "Dropout stands here, too: in training it sets features to 0 by chance, so that the"
                " network does not rely on single ones. While a network is used, it does nothing."
            ),
        ),
        Marked(
            "Click on a bar of the last columns, and follow it down to a pixel of your digit with"
            " “Down to a pixel”, or by P."
        ),
        frozenset({"pixel-reached"}),
        "probabilities",
    ),
    Chapter(
        "loss",
        Marked("The loss"),
        LOSS,
        (
            Marked(
                "To learn, a network must know how wrong it is. For that each digit has a label:"
                " what it should be. The cross-entropy looks at the probability of the label alone:"
            ),
            FormulaOf(
                "cross-entropy", Marked("L is minus the logarithm of the probability of the label")
            ),
            Marked(
                "At a probability of 1 it is 0. At one half it is 0.69, at one hundredth 4.6: a"
                " sure mistake costs much more than a doubtful one."
            ),
            Marked(
                "The tutorial's network takes the logarithm of a softmax at its end, and its loss"
                " does so once more. The second one changes nothing, so Digitpad leaves it to the"
                " loss."
            ),
        ),
        Marked("Say that your digit should have been another one, and see what the loss becomes."),
        frozenset({"label-chosen"}),
    ),
    Chapter(
        "learning",
        Marked("Learning and its settings"),
        LOSS,
        (
            Marked(
                "The gradient says for each weight how the loss changes when the weight grows."
                " Learning moves every weight a little against its gradient:"
            ),
            FormulaOf(
                "step",
                Marked("w becomes w minus eta times the derivative of L with respect to w"),
            ),
            Marked(
                "Eta (η) is the learning rate. Too small, and learning takes for ever. Too large,"
                " and a step goes past the valley: in a training the loss rises. On one digit alone"
                " it may even seem to work, but the network forgets all others."
            ),
            Marked(
                "In training a step takes a batch of digits, 64 in the tutorial, and the mean of"
                " their losses: stochastic gradient descent. One pass over all training digits is"
                " an epoch. Momentum keeps a part α of the steps before, 0.9 in the tutorial:"
            ),
            FormulaOf(
                "momentum",
                Marked(
                    "v becomes alpha times v plus the derivative of L with respect to w; w becomes"
                    " w minus eta times v"
                ),
            ),
            Marked(
                "At first the weights are chosen by chance. Too small, and nothing comes through"
                " the layers; too large, and values explode. Xavier's rule, and He's, which is made"
                " for ReLU, say how far they may spread (their variance), by the number n of values"
                " that go into a cell and of cells that a value goes into:"
            ),
            FormulaOf(
                "xavier",
                Marked("Xavier: the variance of w is 2 divided by the inputs plus the outputs"),
            ),
            FormulaOf("he", Marked("He: the variance of w is 2 divided by the inputs")),
            Marked(
                "A network that learns its digits by heart fails on others: it overfits. Dropout,"
                " weight decay (weights shrink a little in each step), augmentation (digits turned"
                " and moved by chance) and early stopping (when validation gets no better for some"
                " epochs, which are called the patience) help against that."
            ),
        ),
        Marked(
            "Choose another label, and take steps until the loss has fallen. Then go Back, and try"
            " another learning rate."
        ),
        frozenset({"loss-fell"}),
    ),
    Chapter(
        "judging",
        Marked("How to judge a network"),
        LAYERS,
        (
            Marked(
                "Data are split in three. The network learns from the training split. Settings and"
                " the best epoch are chosen by the validation split. The best of many is partly the"
                " luckiest, so on the data that it was chosen by it looks better than it is."
                " Therefore the test split is read once, at the end."
            ),
            FormulaOf("accuracy", Marked("Accuracy is what is right, divided by all")),
            Marked(
                "Of 1,000 test digits, 99.0 % right may be 98.2 or 99.5 % of all digits: few data"
                " say little. A table of what is taken for what is called the confusion matrix."
            ),
            Marked(
                "Confidence is another question: a network is calibrated if it is right as often as"
                " it says. And one that has learned what is no digit can reject it."
            ),
            Marked(
                "Several networks together, an ensemble, are right more often: their mistakes"
                " differ. But each of them costs time and memory, and a program on a small device"
                " must answer in milliseconds."
            ),
            Marked(
                "You can also judge parts: switch a channel off, and see on 1,000 test digits what"
                " it was worth. Some are worth nothing, or are even in the way."
            ),
        ),
        Marked(
            "Switch channels off with the right mouse button, or by X, and read what they were"
            " worth."
        ),
        frozenset({"channel-silenced"}),
    ),
)
"""In the order of the tour."""
