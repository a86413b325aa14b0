"""The device of a training, its random numbers, and its memory."""

from __future__ import annotations

import ctypes
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from digitpad.learning.configuration.config import Device

# Parameters of mallopt(3), numbered as in glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3

_LARGEST_STATE = 2**16
"""Largest number of bytes of a generator's state on any device; known ones have at most 5056."""


def available_devices() -> tuple[Device, ...]:
    """The devices of this machine, the fastest first and the CPU last."""
    devices: list[Device] = []
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return (*devices, "cpu")


def choose_device(wanted: Device) -> torch.device:
    """Choose the device to compute on.

    Args:
        wanted: "auto" means the fastest.

    Raises:
        DigitpadError: this machine does not have it.
    """
    available = available_devices()
    if wanted == "auto":
        return torch.device(available[0])
    if wanted not in available:
        raise DigitpadError(
            "This machine cannot compute on {wanted!r}; it has {available}.",
            wanted=wanted,
            available=", ".join(available),
        )
    return torch.device(wanted)


class RandomState:
    """The random numbers of a training, separate from all others.

    torch takes those for first weights and dropout from its global state, which is therefore
    exchanged meanwhile.

    Args:
        device: of dropout and augmentation.
        seed: of all random numbers.

    Attributes:
        generator: for the order of the glyphs.
        device_generator: for augmentation.
    """

    def __init__(self, device: torch.device, seed: int) -> None:
        self._device = device
        self._seed = seed
        self.generator = torch.Generator().manual_seed(seed)
        self.device_generator = torch.Generator(device).manual_seed(seed)
        self._dropout = torch.Generator(device).manual_seed(seed).get_state()

    @contextmanager
    def first_weights(self) -> Iterator[None]:
        """Within this context torch's global state on the CPU starts from the seed."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            yield

    @contextmanager
    def dropout(self) -> Iterator[None]:
        """Within this context torch's global state on the device is that of this training."""
        kind = {"cuda": torch.cuda, "mps": torch.mps}.get(self._device.type, torch)
        before = kind.get_rng_state()
        kind.set_rng_state(self._dropout)
        try:
            yield
        finally:
            self._dropout = kind.get_rng_state()
            kind.set_rng_state(before)

    def state(self) -> Mapping[str, Tensor]:
        """The state for `restore`: uint8 tensors by name."""
        return {
            "order": self.generator.get_state(),
            "augmentation": self.device_generator.get_state(),
            "dropout": self._dropout,
        }

    def like(self, state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Tensors of the sizes that `restore` accepts: those here, or of another kind of device."""
        own = self.state()
        size = state["augmentation"].numel() if "augmentation" in state else 0
        if not 0 < size <= _LARGEST_STATE:
            return own
        other = torch.empty(size, dtype=torch.uint8)
        return {"order": own["order"], "augmentation": other, "dropout": other}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from a state.

        A state of another kind of device gives the same order, but other random numbers for
        dropout and augmentation.

        Raises:
            KeyError: a part of the state is missing.
            RuntimeError: a part is no state of a generator.
        """
        self.generator.set_state(state["order"])
        if state["augmentation"].shape == self.device_generator.get_state().shape:
            self.device_generator.set_state(state["augmentation"])
            # Checked here, so that no step fails later.
            torch.Generator(self._device).set_state(state["dropout"])
            self._dropout = state["dropout"]
            return
        # States of different kinds of devices do not fit each other. The seed would repeat random
        # numbers that this training has already used, so a new one is drawn.
        seed = int(torch.randint(2**63 - 1, (), generator=self.generator))
        self._dropout = self.device_generator.manual_seed(seed).get_state()


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Make glibc keep freed memory for later use, and free it at the end of the context.

    The feature maps of a batch take megabytes each. By default glibc returns such blocks to the
    system at once. The system fills them with zeros when they are used again, which takes a fifth
    of a step. glibc cannot report its former settings, so the new ones stay after the context. With
    another C library nothing happens.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "gnu_get_libc_version"):
        yield
        return
    library.mallopt(_MMAP_THRESHOLD, 2**30)
    library.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    library.mallopt(_TOP_PAD, 2**26)
    try:
        yield
    finally:
        library.malloc_trim(0)
