"""The words of the model card; `training.card.card` fills in the metrics."""

TEXT = """# Model card: {name}

Reads one handwritten digit from a glyph of 28x28 pixels, made by version {glyph_rule} of Digitpad's
glyph rule, and gives a calibrated probability for each of {classes}.
This card is written by `python -m training.bundled` from the results in
`training/results/bundled.json`.

## Network

{architecture}, {parameters:,} parameters, options `{options}`.
Glyph levels are normalised with the mean {mean} and the standard deviation {std} of MNIST's
training file. Logits are divided by the temperature {temperature}. A drawing is rejected when its
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

No writer of pen strokes is in two of the three splits, and no test data was used for training.
The validation alphabet served to choose models and settings; the second cycle, after all choices,
trains on it as well. Synthetic digits, and scribbles that are not digits, are drawn by Digitpad
itself; those used for evaluation come from seeds that no training uses.

## Recipe

Training takes two cycles. The second one begins with the weights of the first: the learning rate
rises and falls again (Loshchilov and Hutter 2017, arXiv 1608.03983), the augmentation is milder,
and some glyphs stay as they are. An epoch of the first cycle is {first_ingredients}.
An epoch of the second is {ingredients};
what is redrawn or synthetic is drawn anew for each epoch.

Redrawing works on the strokes, before the glyph is made: it changes their slant, aspect, rotation,
curvature and width, and makes them tremble, break, and end early or late. After that, whole batches
of glyphs are augmented as pixels. The loss is cross-entropy with label smoothing. Outliers are
pushed towards equal probabilities (Dhamija and others, NeurIPS 2018), except for characters that
some people write as digits. The temperature is fitted on validation data of both kinds, with equal
weight; the threshold rejects at most {rejected_share:.2%} of either kind.

The first cycle:

```json
{first_config}
```

The second cycle:

```json
{config}
```

The first cycle of the shipped weights was trained when augmentation still interpolated pixels
bilinearly. The second cycle, and every training since, interpolates bicubically, which blurs less.

Both cycles took {seconds}. Of the seeds 0 to {last_seed}, seed {shipped_seed} is shipped: the
best on validation data. The test data was read twice: for the models of the first cycle, which were
shipped before, and for these models, after all choices.

## Metrics

Mean and sample standard deviation over {runs} seeds. "Met" tells whether the mean reaches the
target. The last columns are the shipped model, and the ensemble{members}.

{figures}

Digits are turned by up to {turn:.0f} degrees either way and slanted by a tangent of up to
{slant}. A shaking hand leaves its path by {tremor} of the digit's size (root mean square), in waves
along it; MNIST's digits, which are pictures, are bent by a field of such waves. Pen strokes are
changed as strokes. Pictures of each kind are made of the same {pictures:,} digits, and are
preprocessed like any picture that is opened; the row above them shows these digits as they are in
MNIST.

Accuracy on validation data, mean over the seeds: {validation}.
{times}{reliability}{earned}{comparison}
## Limits

- It reads one digit at a time, in the shapes that {writers} pen writers and MNIST's writers use.
  Shapes that none of them wrote (such as a 1 with a long flag, or a 4 of one stroke) can be
  misread. The study in `training/results/writers.md` leaves out every writer once, and shows every
  drawing that is then misread.
- Its confidence is calibrated on drawings like those above. It can be too high for drawings of
  another kind, and some letters look like digits and are read as digits.
- A handful of MNIST's test labels are wrong, or their digits unreadable (Northcutt and others 2021,
  arXiv 2103.14749): this limits what any accuracy on MNIST can mean.
"""

TIMES = """
## Time of one prediction

One glyph on one thread: the median of many predictions, with the networks taking turns on the same
machine. The milliseconds are for that machine; the ratios are much the same on others.
Multiply-adds and parameters are counted.

{table}
"""

RELIABILITY = """
## Reliability of the confidence

The share of correct predictions of the shipped model, by their confidence. On the diagonal the
confidence is exactly right.

![Reliability diagram: the share of correct predictions against their confidence]({file})
"""

EARNED = """
## What each ingredient contributes

The first cycle at a fraction of its length, with all ingredients and without one of them at a time:
mean and spread over {runs} seeds each. All have the same number of epochs, so the difference
between a column and the first one is due to the missing ingredient.

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
  {count:,} digits that Digitpad draws by itself, the dataset that needs no download. It never saw
  a digit that a person wrote, nor an outlier; {seconds}."""
