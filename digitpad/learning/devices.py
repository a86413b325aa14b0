"""Where a training is computed, with the random numbers and the memory there."""

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

# Parameters of mallopt(3), by their numbers in glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3

_LARGEST_STATE = 2**16
"""Bytes of the state of a generator of any device; the largest has 5056."""


def available_devices() -> tuple[Device, ...]:
    """The devices of this machine, the fastest first; the CPU is always the last."""
    devices: list[Device] = []
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return (*devices, "cpu")


def choose_device(wanted: Device) -> torch.device:
    """The device to compute on.

    Args:
        wanted: "auto" takes the fastest there is.

    Raises:
        DigitpadError: this machine has no such device.
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
    """All random numbers of one training, apart from everybody else's.

    Weights and dropout draw from torch's global state, so that state is exchanged around them.

    Args:
        device: where dropout and augmentation draw.
        seed: of everything.
    """

    def __init__(self, device: torch.device, seed: int) -> None:
        self._device = device
        self._seed = seed
        self.generator = torch.Generator().manual_seed(seed)
        """For the order of the glyphs."""
        self.device_generator = torch.Generator(device).manual_seed(seed)
        """For augmentation."""
        self._dropout = torch.Generator(device).manual_seed(seed).get_state()

    @contextmanager
    def first_weights(self) -> Iterator[None]:
        """Within this context torch's global state on the CPU begins at the seed."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._seed)
            yield

    @contextmanager
    def dropout(self) -> Iterator[None]:
        """Within this context torch's global state on the device continues where it was."""
        kind = {"cuda": torch.cuda, "mps": torch.mps}.get(self._device.type, torch)
        before = kind.get_rng_state()
        kind.set_rng_state(self._dropout)
        try:
            yield
        finally:
            self._dropout = kind.get_rng_state()
            kind.set_rng_state(before)

    def state(self) -> Mapping[str, Tensor]:
        """Everything that `restore` takes, uint8 tensors by name."""
        return {
            "order": self.generator.get_state(),
            "augmentation": self.device_generator.get_state(),
            "dropout": self._dropout,
        }

    def like(self, state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Tensors as `restore` takes them: of the sizes of here, or of another kind of device."""
        own = self.state()
        size = state["augmentation"].numel() if "augmentation" in state else 0
        if not 0 < size <= _LARGEST_STATE:
            return own
        other = torch.empty(size, dtype=torch.uint8)
        return {"order": own["order"], "augmentation": other, "dropout": other}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from a state.

        One of another kind of device gives the same order, and other random numbers from there on.

        Raises:
            KeyError: a part of the state is missing.
            RuntimeError: it is none.
        """
        self.generator.set_state(state["order"])
        if state["augmentation"].shape == self.device_generator.get_state().shape:
            self.device_generator.set_state(state["augmentation"])
            # Tried here, and not within a step.
            torch.Generator(self._device).set_state(state["dropout"])
            self._dropout = state["dropout"]
            return
        # Kinds of devices keep states of different sizes, which say nothing to each other. Not the
        # seed again: this training has had its numbers.
        seed = int(torch.randint(2**63 - 1, (), generator=self.generator))
        self._dropout = self.device_generator.manual_seed(seed).get_state()


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """From here on the C library keeps freed blocks, however large, for the next ones.

    The feature maps of a batch are megabytes each. Left alone, glibc gives such blocks back to the
    system at once, and the system fills them with zeros page by page when they are asked for
    again, which takes a fifth of a step. At the end of the context what is free is given back
    once: glibc cannot say what its settings were before, so they stay. Elsewhere than on glibc
    nothing happens.
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
