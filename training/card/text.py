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
| UNIPEN, train_r01_v07, as strokes | digits: training (its other sites), validation \
({validation_sites}), test ({test_sites}); letters and signs as outliers: training, \
validation ({validation_signs}), test ({test_signs}) | I. Guyon, L. Schomaker, R. Plamondon, \
M. Liberman, S. Janet 1994, Zenodo 10.5281/zenodo.1195803; CC BY 4.0 |
| Omniglot, small background set 1, as strokes | outliers: training (Balinese, Early Aramaic, \
Korean; from the second cycle on {validation_alphabets}, too), validation \
({validation_alphabets}), test ({test_alphabets}) | B. Lake, R. Salakhutdinov, J. Tenenbaum; MIT |
| detexify, LaTeX symbols, as strokes | outliers: training, validation (a fifth of the symbols), \
test (another fifth) | D. Kirsch (Kirel) and the visitors of detexify; ODbL 1.0 |

No test data was used for training. No writer of pen strokes and no site of UNIPEN is in two of the
three splits: the people of a site share a tablet and a school, so a site that is held out is held
out with its letters, too. Letters, signs and symbols are split by what they show as well. Which of
them are held out was drawn by lot before any was looked at. Characters and symbols that many
people would write for a digit are not learned from. The doubles among the symbols were
named by eye, from pictures of all of them, those for the test included.
The validation alphabet served to choose models and settings; from the second cycle on, after all
choices of the first, it is learned from as well. Synthetic digits, and scribbles that are not
digits, are drawn by Digitpad itself; those used for evaluation come from seeds that no training
uses.
{cleaning}
### What is no digit

| family | what is measured on | drawings |
|---|---|---|
{families}

## Recipe

Training takes {cycles} cycles. Each begins with the weights of the one before: the learning rate
rises and falls again (Loshchilov and Hutter 2017, arXiv 1608.03983). From the second on the
augmentation is milder, and some glyphs stay as they are. UNIPEN, the symbols and the pieces of
digits are learned from in the third.

{ingredients}

What is redrawn or synthetic is drawn anew for each epoch, or chosen anew from what was drawn
before.

Redrawing works on the strokes, before the glyph is made: it changes their slant, aspect, rotation,
curvature and width, and makes them tremble, break, and end early or late. After that, whole batches
of glyphs are augmented as pixels. The loss is cross-entropy with label smoothing. Outliers are
pushed towards equal probabilities (Dhamija and others, NeurIPS 2018), except for characters that
some people write as digits. The temperature is fitted on all kinds of validation data, with equal
weight; the threshold rejects at most {rejected_share:.2%} of the validation digits of MNIST or
of the pen writers. UNIPEN's do not decide: where more is hardly legible, a threshold that accepts
it accepts still more of what is no digit. Other scores than the sum of the two best probabilities
were tried on validation data: the largest probability, the largest logit, the logarithm of the sum
of exponentials, a logistic regression on the logits or on the features with the outliers of the
training, and the Mahalanobis distance to the nearest class mean in 16, 32 and 64 directions, alone
and together with the logits. None was clearly better.
{configs}
The first cycle was trained when augmentation still interpolated pixels bilinearly. Every training
since interpolates bicubically, which blurs less.

All cycles took {seconds}. Of the seeds 0 to {last_seed}, seed {shipped_seed} is shipped: the
best on validation data.{shipped} The test data was read once for each cycle whose models were
shipped, after all choices; UNIPEN's, the letters' and the symbols' once, for the third.

## Metrics

Mean and sample standard deviation over {runs} seeds. "Met" tells whether the mean reaches the
target. The last columns are {column}, and the ensemble{members}.

{figures}

Digits are turned by up to {turn:.0f} degrees either way and slanted by a tangent of up to
{slant}. A shaking hand leaves its path by {tremor} of the digit's size (root mean square), in waves
along it; MNIST's digits, which are pictures, are bent by a field of such waves. Pen strokes are
changed as strokes. Pictures of each kind are made of the same {pictures:,} digits, and are
preprocessed like any picture that is opened; the row above them shows these digits as they are in
MNIST. A target in points below is set against the same digits unchanged.

AUROC is the probability that of a digit (of the held-out pen writers or sites) and a drawing of no
digit, drawn at random, the digit has the higher reject score: {reject_score}. "Read as
digits" is the share that is not rejected.

Letters told apart by the features: of {letters} that were never learned, three drawings each, drawn
by lot, are known; the mean of their features (what goes into the classifier) stands for the letter,
and every other drawing goes to the mean with the smallest angle to it. The accuracy is the mean
over {draws} draws. On the validation words the angle does better than the distance (83 % against
77 %, for the second cycle).

Accuracy on validation data, mean over the seeds: {validation}.
{numbers}{teaching}{times}{reliability}{earned}{comparison}
## Limits

- It reads one digit at a time, in the shapes that {writers} pen writers, the people of UNIPEN's
  sites and MNIST's writers use. [One study](../../training/results/writers.md) leaves out every pen
  writer once, [another one](../../training/results/sites.md) every large site of UNIPEN: how well a
  model reads people whom it has never met, and every drawing that is then misread.
- Some habits contradict each other, and no model can be right about both: a 1 with a long flag is
  another school's 7 without a bar, a 1 with flag and foot is a narrow 2, a 4 of one stroke is a 9
  that is open at the top, a zero with a slash is an 8 drawn in one line or a letter Ø, a 9 without
  a loop is a 7 or a 1, a 5 whose bar has joined its bow is a 6. There doubt is the right answer,
  and the other reading the second guess.
- UNIPEN's labels are its contributors'. What cannot be told by the geometry of the ink alone, such
  as a straight bar that is labelled 4, stays in the data, and counts as a mistake when it is read
  as what it looks like.
- Its confidence is calibrated on drawings like those above. It can be too high for drawings of
  another kind. Some letters and symbols look like digits and are read as digits: an O, an l, a
  long S. Who reads slashed zeros and zeros that are struck through reads a Greek theta, a phi and
  the sign of the empty set as 0, too; delta, zeta and sigma pass for 8, 3 and 6. Of the held-out
  alphabet, these are most of what is read as digits.
- A handful of MNIST's test labels are wrong, or their digits unreadable (Northcutt and others 2021,
  arXiv 2103.14749): this limits what any accuracy on MNIST can mean.
"""

CLEANING = """
UNIPEN was cut into characters by machine, and some pieces are labelled as the digit that they were
a part of. A drawing whose ink is no whole digit is left out: a dot, a dash, or an angle open to the
upper right with which a 4 begins. The rule sees the geometry of the ink, neither the label nor what
a network says, and takes at most 3 % of a site; it was fixed before the training. Accuracies of all
drawings, fragments included, stand beside those without.

| site | digits | people | fragments left out | used for |
|---|---|---|---|---|
{rows}
"""

CONFIG = """
The {which} cycle:

```json
{config}
```
"""

INGREDIENTS = """\
- An epoch of the {which} is {ingredients}."""

LEARNED_FROM_ALL = """ The
shipped weights come from one more third cycle of this seed after everything was measured. It
learned from the test data, too: the writers, sites, letters, symbols and the alphabet that are held
out above, but not from MNIST's test file. The people and symbols for validation stay held out: it
is calibrated by them. All other metrics here are of the models that had to do without the test
data, the shipped ensemble among them."""

SHIPPED = "the shipped model"

SHIPPED_LEARNED = """the shipped model, where it has not learned from what it would be measured
on"""

NUMBERS = """
## Whole numbers

A drawing of several digits is divided into parts, and every part is read as a digit: by the model,
and by a small network that sees a part among the ink around it. Wholly right is a number whose
whole text is, its spaces and line breaks included, refused or not; refused is one with a part that
is rejected. Beside it stands what the same model reads where the true borders of the digits are
given, which is all that the reading of single digits allows. The calibration error is of the
confidence that the whole text is right, in 15 equal bins.

The real numbers are UNIPEN's, 217 by 37 people of the sites ape, apd and art. Everything was chosen
on ape; apd and art are test data. Their borders are not known. None of these numbers was learned
from; single digits of the same people, at the sites apb and art, were.

All test data here were read four times. Everything was chosen by validation data, but earlier
readings were known when the network was made that rates what may be one symbol, when it began to
tell which digit that is, and when it was trained anew, from warped views and more photos. They had
found 95.9%, 96.6% and 97.0% of what the true borders allow for strokes, 83.1%, 85.8% and 89.3% for
photos, 99.3%, 97.8% and 98.5% of the real numbers right, 95.8%, 95.9% and 96.7% of MNIST's rows,
and 4.2%, 1.8% and 1.6% of finished digits that changed. The model that was measured is seed 0 of
the recipe, which has not learned from the test data.

The validation data were read by the bundled model, which has not learned from their writers. But
the small network, and how much it counts, were chosen by them, so that their figures flatter.

After the last reading of the test data, numbers were made to be read twice as fast: a stroke is cut
at four places instead of six, one that is straight at none, and the model is not asked for what was
cut out and is clearly no whole symbol for the small network. By the validation data nothing was
lost: 99.1% of what the true borders allow for strokes, where it had been 98.7%, 95.0% after 94.9%
for photos, 95.0% after 94.8% of MNIST's rows, and as many real numbers and single digits. The test
data were not read again for it.

Composed numbers have 2 to 6 digits of one writer each, of the writers and sites held out, at uneven
spacing, size, baseline and slant. Of the neighbours a tenth touch, a twentieth overlap, and a
twentieth are joined into one stroke by a smooth ligature, which belongs to no digit where the
true borders are given. In a fifth of those with a 4, 5 or 7 of several strokes its second stroke is
drawn last, and now and then a bar or flag reaches over the next digit. The photos show such numbers
as written with a pen, a pencil or a marker on plain, ruled or squared paper, or white on black,
under uneven light, with blur, noise and compression; a tenth of MNIST's neighbours are pushed
together until they touch. With the true borders given, the ink of a digit in a picture is given,
too. Groups stand a wide gap apart, lines beneath each other; other symbols are letters, signs and
scribbles. A single digit is read as one digit where its true borders are given.

{models}"""

TEACHING = """
## Teaching

A correction is learned at once, by an adapted model: the network stays as it is, and beside it
stands a kernel machine that has the network as its prior mean. A Gaussian kernel of length
{length:g} fades with the distance between descriptions of glyphs, so that a lesson changes the
answer for what looks like it, and hardly any other. The length is in units of the distance between
two glyphs of one class (root mean square).

A glyph is described by the whitened principal directions of three layers: 16 of the first
activation, averaged to 2x2; 24 of the last pooling; 24 of the features before the classifier. A
lesson is learned with {copies} redrawn copies. {exemplars:,} exemplars of the training data, half
of them those that are nearest to being misread, keep the network from forgetting: their answers
must stay, by the Kullback-Leibler divergence. A lesson that is not learned so gets more weight.

A lesson may be a slip if its redrawn copies are far from what has its label, and far from all else,
and if the network finds the label unlikely. Such a lesson is flagged, and its effect fades within a
length of {close_length:g}: it is learned for what looks just like it, until its writer says that it
is right, or another lesson agrees with it. Here nobody says so.

### How it was measured

By simulation, one writer at a time. Each is taught by a model that has learned from none of their
drawings; there are {folds} such models. UNIPEN's {sites} large sites have one each, trained without
that site at a fraction of the length. The {never} pen writers for validation and the test have a
measured bundled model. Each half of the other pen writers has a short first cycle without them; the
people of UNIPEN's small sites belong to one of the halves. Fragments and writers with fewer than
{fewest} drawings are left out.

A writer's drawings come in the order of the files. The first one that is misread is a lesson; so is
the next one that the model misreads as it was taught so far, until there are {most}. Errors are
counted on the writer's other drawings, which are never lessons, before the first lesson and after
each. Who needs fewer lessons keeps the last count. The sums are over the writers with errors left
before the first lesson. There are {errors} such errors of {writers} writers, so a single writer
shows in the shares.

What must stay is measured after a writer's last lesson and set against before: on MNIST's {part}
digits, {others:,} digits of other people and {none:,} letters, signs and symbols. Some of these the
model has learned from. AUROC, rejection and calibration error are of the digits of other people.
Positive changes are more, negative ones less; points are hundredths of the whole.

A wrong lesson is one of {slips} drawings of each writer with another label, both drawn by lot. It
is the only lesson, and what it costs is measured on all other drawings, whether it was flagged or
not. Own symbols are letters and signs that the bundled model has learned from nobody:
{signs}. Of each writer who has drawn {symbols} of them more than {shots} times, {sets} sets
of {symbols} are drawn by lot, and {shots} drawings of each symbol. The writer's other drawings are
read, and the mean is over the sets. The longest time of a lesson counts whatever else the machine
did meanwhile.

{table}

![Errors left against the number of lessons]({file})

### What was tried and did not help

On the writers of the sites aga, apa, apb, ibm, imp and syn, with MNIST's validation digits. These
writers are among those of the table above, too: the method was chosen by them, and not by those of
the other sites or of the pen strokes. Only what may be a slip, and how it is learned, was fitted on
the small sites and on the pen writers, too, but for those of the test: on 130 of the 152 writers.

| tried instead | what came of it |
|---|---|
| no exemplars | MNIST loses 1.4 to 9 points |
| the features before the classifier alone | 68 % fewer errors after five lessons instead of 81 %; \
MNIST loses 0.15 points |
| a linear kernel | 67 to 73 % fewer errors; other writers lose up to 1 point and more |
| more directions: 96, 64 and 40 | 39 % fewer errors after one lesson, 82 % after five |
| a shorter kernel: 0.35 | 72 % fewer errors after five lessons |
| a longer kernel: 0.8 | 57 to 67 % fewer errors after five lessons |
| a Laplacian kernel | 64 to 74 % fewer errors after five lessons |
| the long kernel for lessons that may be slips, too | a wrong lesson costs the writer's own \
digits 0.77 points instead of 0.11; other writers lose up to 0.48 |
| a shorter kernel for lessons that are not learned at once | other writers lose as much as \
without it; MNIST up to 0.26 points |
| slips by the drawing alone, and not by its copies | with as many right lessons flagged, 79 % \
of the wrong ones instead of 88 |
| histograms of gradients, or blurred pixels, as descriptions | habits of one hand are not near \
each other there |
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

The share of correct predictions of {model}, by their confidence. On the diagonal the
confidence is exactly right.

![Reliability diagram: the share of correct predictions against their confidence]({file})
"""

EARNED = """
## What each ingredient contributes

The first cycle at a fraction of its length, with all ingredients and without one of them at a time:
mean and spread over {runs} seeds each. All have the same number of epochs, so the difference
between a column and the first one is due to the missing ingredient. They were measured before
UNIPEN was learned from; AUROC is that of the confidence, against the pen strokes alone.

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
