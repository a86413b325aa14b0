import pytest
import torch

from digitpad.learning.augmentation.augment import Pool, augment
from digitpad.learning.configuration.config import Augmentation


def blob(count: int = 8) -> torch.Tensor:
    glyphs = torch.zeros(count, 1, 28, 28)
    glyphs[:, :, 10:18, 12:16] = 1.0
    return glyphs


def centre(glyphs: torch.Tensor) -> torch.Tensor:
    index = torch.arange(28.0)
    mass = glyphs.sum(dim=(1, 2, 3))
    x = (glyphs.sum(dim=(1, 2)) * index).sum(dim=1) / mass
    y = (glyphs.sum(dim=(1, 3)) * index).sum(dim=1) / mass
    return torch.stack((x, y), dim=1)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_nothing_is_changed_by_default():
    assert torch.equal(augment(blob(), Augmentation(), generator()), blob())


def test_the_same_seed_gives_the_same_glyphs_and_another_seed_others():
    settings = Augmentation(10, 2, 0.1, 10, 0.5)
    first = augment(blob(), settings, generator(1))
    assert torch.equal(first, augment(blob(), settings, generator(1)))
    assert not torch.equal(first, augment(blob(), settings, generator(2)))


@pytest.mark.parametrize(
    "settings",
    [
        Augmentation(rotation_degrees=180),
        Augmentation(translation_px=4),
        Augmentation(scale=0.5),
        Augmentation(shear_degrees=30),
        Augmentation(stroke_width=1),
    ],
)
def test_each_change_alone_changes_glyphs_and_keeps_levels_in_range(settings):
    changed = augment(blob(), settings, generator())
    assert changed.shape == (8, 1, 28, 28)
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6
    assert not torch.allclose(changed, blob())


def test_translation_moves_by_at_most_so_many_pixels():
    moved = centre(augment(blob(200), Augmentation(translation_px=3), generator())) - centre(
        blob(1)
    )
    assert moved.abs().max() <= 3 + 1e-3
    assert moved.abs().amax(dim=0).min() > 2.5


def test_rotation_and_scale_keep_the_centre_of_the_field():
    glyphs = torch.zeros(64, 1, 28, 28)
    glyphs[:, :, 13:15, 13:15] = 1.0
    settings = Augmentation(rotation_degrees=45, scale=0.3, shear_degrees=20)
    assert torch.allclose(
        centre(augment(glyphs, settings, generator())), torch.tensor(13.5), atol=0.05
    )


def test_strokes_get_thinner_and_thicker():
    ink = augment(blob(200), Augmentation(stroke_width=1), generator()).sum(dim=(1, 2, 3))
    # 8x4 pixels: eroded to 6x2, dilated to 10x6.
    assert ink.min() >= 12
    assert ink.max() <= 60
    assert ink.min() < 20
    assert ink.max() > 50


def test_an_elastic_distortion_bends_each_glyph_its_own_way_and_moves_it_little():
    bent = augment(blob(64), Augmentation(elastic_px=2.0), generator(3))
    assert not torch.equal(bent[0], bent[1])
    apart = (centre(bent) - centre(blob(64))).abs()
    assert 0.05 < apart.mean() < 1.5
    # Where a straight edge was, rows now begin at different places.
    begins = (bent > 0.5).int().argmax(dim=3)[:, 0, 11:17].float()
    assert begins.std(dim=1).mean() > 0.1


def test_a_translation_alone_goes_by_whole_pixels_and_loses_no_ink():
    moved = augment(blob(200), Augmentation(translation_px=2.5), generator(1))
    apart = centre(moved) - centre(blob(200))
    assert torch.equal(moved.sum(dim=(1, 2, 3)), blob(200).sum(dim=(1, 2, 3)))
    assert torch.allclose(apart, apart.round(), atol=1e-4)
    assert set(apart.round().flatten().tolist()) == {-2, -1, 0, 1, 2}
    assert not torch.equal(apart[:, 0], apart[:, 1])


def test_resampling_keeps_strokes_sharp():
    # Half a pixel away the worst is what bilinear interpolation makes of an edge: one half.
    turned = augment(blob(64), Augmentation(rotation_degrees=5), generator(4))
    assert turned.amax(dim=(1, 2, 3)).min() > 0.97
    sharp = (turned > 0.9).sum(dim=(1, 2, 3)) + (turned < 0.1).sum(dim=(1, 2, 3))
    assert sharp.min() > 28 * 28 - 45


def test_a_share_of_the_glyphs_stays_as_it_is():
    settings = Augmentation(rotation_degrees=30, stroke_width=0.5, augmented_share=0.75)
    changed = augment(blob(2000), settings, generator(5))
    same = (changed == blob(2000)).all(dim=3).all(dim=2)[:, 0]
    assert 0.2 < same.double().mean() < 0.3
    assert torch.equal(
        augment(blob(), Augmentation(rotation_degrees=30, augmented_share=0), generator()), blob()
    )


@pytest.mark.parametrize("kind", [torch.uint8, torch.float32])
@pytest.mark.parametrize(
    "settings",
    [
        Augmentation(),
        Augmentation(translation_px=2.0),
        Augmentation(translation_px=1.5, augmented_share=0.5),
        Augmentation(translation_px=1.5, stroke_width=0.3),
        Augmentation(10, 2, 0.1, 10, 0.5, 1.0),
    ],
)
def test_a_pool_gives_what_its_glyphs_augmented_would_be(settings, kind):
    glyphs = torch.randint(0, 256, (30, 1, 28, 28), generator=generator(1)).to(kind)
    index = torch.tensor([3, 29, 0, 3, 17, 28])
    found = Pool(glyphs.clone(), settings).take(index, generator(5))
    expected = augment(glyphs[index], settings, generator(5))
    assert found.dtype == expected.dtype
    assert torch.equal(found, expected)


def test_a_move_by_whole_pixels_draws_the_numbers_that_it_drew_in_version_0_1():
    glyphs = torch.randint(1, 256, (9, 1, 28, 28), generator=generator(1), dtype=torch.uint8)
    down, right = torch.randint(0, 5, (2, 9), generator=generator(5)).tolist()
    moved = augment(glyphs, Augmentation(translation_px=2.0), generator(5))
    fields = torch.nn.functional.pad(glyphs, [2] * 4)
    for glyph, field, y, x in zip(moved, fields, down, right, strict=True):
        assert torch.equal(glyph, field[:, y : y + 28, x : x + 28])
