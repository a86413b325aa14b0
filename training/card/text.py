"""The words of the model card; `training.card.card` fills in the figures."""

TEXT = """# Model card: {name}

Reads one handwritten digit from a glyph of 28x28 pixels, made by version {glyph_rule} of Digitpad's
glyph rule, and gives a calibrated probability for each of {classes}.
This card is written by `python -m training.bundled` from the figures in
`training/results/bundled.json`.

## Network

{architecture}, {parameters:,} parameters, options `{options}`.
Glyph levels are normalised with the mean {mean} and the standard deviation {std} of MNIST's
training file. Logits are divided by the temperature {temperature}; a drawing is refused where its
two most probable digits have less than {reject_below} together.

## Data, licences and attribution

| data | used for | source and licence |
|---|---|---|
| MNIST | training (first {mnist_training:,} of the training file), validation (last \
{mnist_validation:,}), test (the test file) | Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0 |
| Pen-Based Recognition of Handwritten Digits, as strokes | training ({writers} writers), \
validation ({validation_writers}), test ({test_writers}) | E. Alpaydin, F. Alimoglu, UCI Machine \
Learning Repository; CC BY 4.0 |
| Omniglot, small background set 1, as strokes | outliers: training (Balinese, Early Aramaic, \
Korean; in the second cycle {validation_alphabets}, too), validation ({validation_alphabets}), \
test ({test_alphabets}) | B. Lake, R. Salakhutdinov, \
J. Tenenbaum; MIT |

No writer of pen strokes is in two of the three parts, and nothing that is tested on was learnt
from. The alphabet for validation served to choose; the second cycle, after all choices, learns
from it. Synthetic digits, and scribbles that are no digit, are drawn by Digitpad itself; those
that are measured on come from seeds that no training has.

## Recipe

Training takes two cycles, the second one going on from the first one's weights: the learning rate
rises and falls again (Loshchilov and Hutter 2017, arXiv 1608.03983), over milder changes, and some
glyphs as they are. An epoch of the first cycle is {first_ingredients}.
An epoch of the second is {ingredients};
what is redrawn or made up is drawn anew for it.

Redrawing changes slant, aspect, rotation, curvature and stroke width of the strokes, lets them
tremble, come apart, and end early or late, before the glyph is made; on top of it whole batches of
glyphs are changed as pixels. Cross-entropy with label smoothing; outliers are pushed towards the
uniform answer (Dhamija and others, NeurIPS 2018), but for the characters that are some people's
digits. The temperature is fitted on validation data of both kinds, counted alike; the threshold
refuses at most {refuse:.2%} of either kind.

The first cycle:

```json
{first_config}
```

The second cycle:

```json
{config}
```

The first cycle of the weights that are shipped was trained when pixels were still interpolated
bilinearly; since the second one they are interpolated bicubically, which blurs less, and so they
are in every training from now on.

Both cycles took {seconds}. Of the seeds 0 to {last_seed}, seed {shipped_seed} is shipped: the
best on validation data. The test data was read twice: for the models of the first cycle, which were
shipped before these, and for these, after all choices.

## Figures

Mean and sample standard deviation over {runs} seeds; "met" is said of the mean; then the model that
is shipped, and the ensemble{members}.

{figures}

Digits are turned by up to {turn:.0f} degrees either way and slanted by a tangent of up to
{slant}. A shaking hand is off its path by {tremor} of the digit's size (root mean square), in waves
along it; MNIST's digits, which are pictures, are bent by a field of such waves. Pen strokes are
changed as strokes. Pictures of each kind are made of the same {pictures:,} digits, and go the way
of any picture that is opened: the row above them is of these digits as they are in MNIST.

On validation data, mean over the seeds: {validation}.
{times}{reliability}{earned}{comparison}
## Limits

- It reads one digit at a time, in the shapes that about {writers} people and MNIST's writers
  gave them. Habits that none of them had (some 1 with a long flag, some 4 of one stroke) are
  misread. The study in `training/results/writers.md` leaves out every writer once, and shows all
  that is misread then.
- Its doubt is calibrated on drawings like those above. Drawings of another kind can get more
  confidence than they deserve, and some letters look like digits and are read as such.
- A handful of MNIST's test labels are wrong or unreadable (Northcutt and others 2021, arXiv
  2103.14749): no figure there can mean more than that allows.
"""

TIMES = """
## Time of one answer

One glyph on one thread, the median of many, networks taking turns on the same machine. The
milliseconds are that machine's; what one network takes of another's time is much the same
everywhere. Multiply-adds and parameters are counted.

{table}
"""

RELIABILITY = """
## Reliability of the confidence

Of the answers of the model that is shipped, by their confidence, which share is right. On the
diagonal the confidence is what it says.

![Reliability diagram: the share of right answers against their confidence]({file})
"""

EARNED = """
## What earned what

The first cycle at a fraction of its length, with everything and without one ingredient at a time,
mean and spread over {runs} seeds each. All have the same number of epochs, so what a column loses
against the first, it loses for want of its ingredient.

{table}
"""

COMPARISON = """
## For comparison

{notes}

{table}
"""

TUTORIAL = """\
- The tutorial's ConvNet: two convolutions of 32 and 64 channels, max-pooling, dropout, 128
  features, ten classes ({parameters:,} parameters), trained on MNIST alone with SGD and momentum,
  rotation, translation and scale; {seconds}. It never saw a pen stroke or an outlier."""

SYNTHETIC = """\
- Synthetic digits alone: the app's preset Balanced ({parameters:,} parameters) trained on
  {count:,} digits that Digitpad draws by itself, the data set that needs no download. It never saw
  a digit that a person wrote, nor an outlier; {seconds}."""
