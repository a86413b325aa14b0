"""What is left out of the bundle, and why. The smoke test uses what is left."""

from __future__ import annotations

import pkgutil
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bundling.tocs import Toc, TocEntry


class Exclusion(NamedTuple):
    """One thing that is left out.

    Attributes:
        pattern: for `fnmatch`, of a path in the bundle with forward slashes (``*`` crosses
            folders).
        reason: why nothing misses it.
    """

    pattern: str
    reason: str


EXCLUDED_MODULES = {
    "IPython": "a console that pyqtgraph would use",
    "OpenGL": "pyqtgraph's three dimensions",
    "PIL._imagingcms": "colours of printers and screens",
    "PIL._imagingft": "text in pictures",
    "PIL._imagingtk": "another toolkit",
    "PySide6.QtDBus": "messages between programs",
    "PySide6.QtNetwork": "downloads use Python's own HTTPS",
    "PySide6.QtOpenGL": "nothing is painted by OpenGL (packaging/runtime_hook.py)",
    "PySide6.QtOpenGLWidgets": "the same",
    "PySide6.QtTest": "tests",
    "_distutils_hack": "belongs to setuptools",
    "distutils": "builds extensions",
    "fsspec": "torch's remote files",
    "functorch": "old names for parts of torch",
    "jinja2": "source code that torch's compilers write",
    "lib2to3": "belongs to setuptools",
    "markupsafe": "belongs to jinja2",
    "networkx": "graphs that torch's compiler looks at",
    "pip": "installs packages",
    "pkg_resources": "belongs to setuptools",
    "pydoc_data": "help of Python's console",
    "pyqtgraph.examples": "examples",
    "pyqtgraph.opengl": "three dimensions",
    "readline": "Python's console; its library is under the GPL",
    **dict.fromkeys(
        (
            *("scipy.constants", "scipy.fft", "scipy.integrate", "scipy.interpolate", "scipy.io"),
            *("scipy.linalg", "scipy.optimize", "scipy.signal", "scipy.sparse", "scipy.spatial"),
            *("scipy.special", "scipy.stats"),
        ),
        "pictures need scipy.ndimage alone (packaging/runtime_hook.py)",
    ),
    "setuptools": "builds extensions",
    **dict.fromkeys(
        (
            *("sympy.categories", "sympy.codegen", "sympy.combinatorics", "sympy.physics"),
            *("sympy.integrals.heurisch", "sympy.integrals.manualintegrate", "sympy.tensor.tensor"),
            *("sympy.integrals.prde", "sympy.integrals.risch", "sympy.testing", "sympy.vector"),
        ),
        "torch's compiler imports sympy, but not these",
    ),
    "tensorboard": "another program's curves",
    "tkinter": "another toolkit",
    "torch._dynamo.repro": "torch.compile",
    "torch._export.serde": "networks for other programs",
    **dict.fromkeys(
        (
            *("torch._functorch._activation_checkpointing", "torch._functorch.aot_autograd"),
            *("torch._functorch._activation_offloading", "torch._functorch.compilers"),
            *("torch._functorch.fx_minifier", "torch._functorch.partitioners"),
            *("torch.export.experimental", "torch.export.pt2_archive"),
            *("torch.fx.experimental.graph_gradual_typechecker", "torch.fx.experimental.validator"),
            *("torch.fx.experimental.migrate_gradual_types", "torch.nn.attention.experimental"),
        ),
        "torch.compile, and networks for other programs",
    ),
    "torch.distributed.tensor.debug": "training on many machines",
    "torch.distributed.tensor.experimental": "training on many machines",
    "torch.ao.ns": "quantised networks",
    "torch.ao.pruning": "pruned networks",
    "torch.contrib": "tensorboard",
    "torch.distributed._tools": "training on many machines",
    "torch.distributed.checkpoint": "training on many machines",
    "torch.distributed.elastic": "training on many machines",
    "torch.distributed.flight_recorder": "training on many machines",
    "torch.distributed.optim": "training on many machines",
    "torch.distributed.pipelining": "training on many machines",
    "torch.sparse._triton_ops_meta": "graphics cards",
    "torch.test": "torch's tests",
    "torch.utils.benchmark": "measurements",
    "torch.utils.cpp_extension": "builds extensions",
    "torch.utils.hipify": "builds extensions",
    "torch.utils.tensorboard": "another program's curves",
    "torch.utils.viz": "views of memory",
    "wheel": "builds packages",
}
"""Python modules, with all below them, that nothing in Digitpad imports."""

KEPT_SUBMODULES = {
    # What `torch.optim` imports of the compiler, by way of torch._dynamo.
    "torch._inductor": (
        "_functionalize_collectives",
        "analysis",
        "config",
        "cpp_builder",
        "cpu_vec_isa",
        "cudagraph_utils",
        "custom_graph_pass",
        "exc",
        "runtime",
        "standalone_compile",
        "test_operators",
        "utils",
    ),
    "torch._inductor.analysis": ("device_info",),
    "torch._inductor.runtime": ("cache_dir_utils", "hints", "runtime_utils"),
    "torch._vendor": ("packaging",),
    "torch.ao.quantization": (
        *("fake_quantize", "fuse_modules", "fuser_method_mappings", "observer", "qconfig"),
        *("qconfig_mapping", "quant_type", "quantization_mappings", "quantize", "quantize_jit"),
        *("stubs", "utils"),
    ),
    "torch.onnx._internal": ("_lazy_import", "exporter", "torchscript_exporter"),
    "torch.onnx._internal.exporter": (
        *("_constants", "_dynamic_shapes", "_exportable_module", "_input_observer", "_ir_passes"),
        "_onnx_program",
    ),
    "torch.testing._internal": ("common_dtype", "distributed", "logging_tensor"),
    "torch.testing._internal.distributed": ("fake_pg",),
}
"""Packages of which only these modules are imported; all others are left out."""

EXCLUDED_FILES = (
    # torch
    Exclusion("torch/bin/*", "programs that test torch"),
    Exclusion("torch/test/*", "torch's tests"),
    Exclusion("torch/include/*", "headers"),
    Exclusion("torch/share/*", "settings for CMake"),
    Exclusion("torch/lib/*test*", "libraries that test torch"),
    Exclusion("torch/lib/libbackend_with_compiler*", "a library that tests torch"),
    Exclusion("torch/lib/libaoti_custom_ops*", "a library that tests torch"),
    Exclusion("torch/lib/*.lib", "import libraries for linking"),
    Exclusion("torch/_inductor/*", "torch.compile"),
    Exclusion("torch/utils/benchmark/*", "measurements"),
    Exclusion("torch/utils/model_dump/*", "a view of models in a browser"),
    Exclusion("torch/utils/viz/*", "views of memory"),
    # torchvision's operators cannot load beside a torch without CUDA, and none is called.
    Exclusion("torchvision/*.so", "operators that are not called"),
    Exclusion("torchvision/*.pyd", "operators that are not called"),
    Exclusion("torchvision/*.dylib", "operators that are not called"),
    Exclusion("torchvision/*.dll", "operators that are not called"),
    Exclusion("torchvision.libs/*", "libraries of those operators"),
    # Qt
    Exclusion("PySide6/*translations/*", "Qt's own sentences in other languages"),
    Exclusion("PySide6/*plugins/egldeviceintegrations/*", "screens without a window system"),
    Exclusion("PySide6/*plugins/generic/*", "input devices without a window system"),
    Exclusion("PySide6/*plugins/iconengines/*", "icons are painted by the program"),
    *(
        Exclusion(f"PySide6/*plugins/imageformats/*{name}.*", "pictures are opened by Pillow")
        for name in ("gif", "icns", "ico", "pdf", "svg", "tga", "tiff", "wbmp", "webp")
    ),
    Exclusion("PySide6/*plugins/networkinformation/*", "nothing uses Qt's network"),
    Exclusion("PySide6/*plugins/platforms/*eglfs*", "screens without a window system"),
    Exclusion("PySide6/*plugins/platforms/*linuxfb*", "screens without a window system"),
    Exclusion("PySide6/*plugins/platforms/*minimal*", "an example of Qt's"),
    Exclusion("PySide6/*plugins/platforms/*vkkhrdisplay*", "screens without a window system"),
    Exclusion("PySide6/*plugins/platforms/*vnc*", "a window on another computer"),
    Exclusion("PySide6/*plugins/platforms/*qdirect2d*", "windows takes the ordinary one"),
    Exclusion("PySide6/*plugins/platforms/*qwebgl*", "a window in a browser"),
    Exclusion("PySide6/*plugins/platformthemes/*gtk3*", "would bring GTK along"),
    Exclusion("PySide6/*plugins/tls/*", "nothing uses Qt's network"),
    Exclusion("PySide6/*plugins/wayland-graphics-integration-client/*server*", "OpenGL on Wayland"),
    Exclusion("PySide6/*plugins/wayland-graphics-integration-client/*egl*", "OpenGL on Wayland"),
    Exclusion("PySide6/*plugins/wayland-shell-integration/*fullscreen*", "kiosks"),
    Exclusion("PySide6/*plugins/wayland-shell-integration/*ivi*", "cars"),
    Exclusion("PySide6/*plugins/wayland-shell-integration/*wl-shell*", "old compositors"),
    Exclusion("PySide6/*plugins/wayland-shell-integration/*qt-shell*", "Qt's own compositors"),
    Exclusion("PySide6/*plugins/xcbglintegrations/*", "OpenGL on X11"),
    Exclusion("PySide6/opengl32sw.dll", "OpenGL"),
    # Libraries of the system, on every desktop: they fit its own drivers, settings and caches.
    Exclusion("libX11.so*", "the system's own has its files of locales"),
    Exclusion("libX11-xcb.so*", "belongs to libX11"),
    Exclusion("libdbus-1.so*", "the system's own talks to its own service"),
    Exclusion("libfontconfig.so*", "the system's own reads its settings and its cache"),
    Exclusion("libfreetype.so*", "the system's own belongs to its fontconfig"),
    Exclusion("libstdc++.so*", "the system's own is newer or the same"),
    Exclusion("libgcc_s.so*", "the system's own is newer or the same"),
    # The rest
    Exclusion("*/tests/*", "tests"),
    Exclusion("*.pyi", "type stubs"),
    Exclusion("*.pxd", "headers"),
    Exclusion("*.dist-info/direct_url.json", "the folder that it was built in"),
    Exclusion("*.dist-info/sboms/*", "lists of parts, for machines"),
    Exclusion("*.dist-info/RECORD", "a list of files that are elsewhere in a bundle"),
    Exclusion("*.dist-info/INSTALLER", "how it was installed"),
    Exclusion("*.dist-info/REQUESTED", "how it was installed"),
    Exclusion("pyqtgraph/canvas/*", "an editor of pyqtgraph's"),
    Exclusion("pyqtgraph/flowchart/*", "an editor of pyqtgraph's"),
)
"""Files of the bundle that nothing in Digitpad opens."""

KEPT_FILES = (
    # `import torch` looks for this one, though it is not started.
    "torch/bin/torch_shm_manager*",
    # The languages of the program (digitpad/app/i18n.py).
    "PySide6/*translations/qtbase_en.qm",
    "PySide6/*translations/qtbase_zh_CN.qm",
)
"""Exceptions."""

SOURCES_READ = (
    "torch/__init__.py",
    "torch/_dynamo/_trace_wrapped_higher_order_op.py",
    "torch/_dynamo/variables/streams.py",
    "torch/_library/custom_ops.py",
    "torch/_native/registry.py",
    "torch/cuda/*.py",
    "torch/distributed/_functional_collectives.py",
    "torch/distributed/tensor/_collective_utils.py",
    "torch/functional.py",
    "torch/mtia/*.py",
    "torch/nn/functional.py",
    "torch/nn/modules/*.py",
    "torch/onnx/ops/*.py",
    "torch/optim/*.py",
    "torch/random.py",
    "torch/utils/_debug_mode/*.py",
    "torch/xpu/*.py",
    "torch/*/_config.py",
    "torch/*/config.py",
)
"""Sources, for `fnmatch`, that torch reads while it is imported (JIT, custom operators, and its
settings, which are parsed for their comments); a test compares them with those that are opened."""


def excluded_modules(site_packages: Path) -> list[str]:
    """Names of all Python modules to leave out, each with everything below it.

    Args:
        site_packages: where the packages of `KEPT_SUBMODULES` are installed.
    """
    names = list(EXCLUDED_MODULES)
    for package, kept in KEPT_SUBMODULES.items():
        folder = site_packages.joinpath(*package.split("."))
        names += [
            f"{package}.{module.name}"
            for module in pkgutil.iter_modules([str(folder)])
            if module.name not in kept
        ]
    return names


def excluded(destination: str) -> Exclusion | None:
    """Why a file is left out; None where it belongs into the bundle."""
    path = destination.replace("\\", "/")
    if any(fnmatchcase(path, pattern) for pattern in KEPT_FILES):
        return None
    for exclusion in EXCLUDED_FILES:
        if fnmatchcase(path, exclusion.pattern):
            return exclusion
    return None


def slim(toc: Toc) -> Toc:
    """The files of a bundle without those that nothing opens.

    Links to files that are left out go with them.
    """
    kept = [entry for entry in toc if excluded(entry[0]) is None]
    there = {entry[0] for entry in kept}

    def dangles(entry: TocEntry) -> bool:
        destination, target, kind = entry
        return kind == "SYMLINK" and (Path(destination).parent / target).as_posix() not in there

    return [entry for entry in kept if not dangles(entry)]


def without_unneeded_libraries(binaries: Toc, linked_names: Callable[[str], Iterable[str]]) -> Toc:
    """The binaries without shared libraries that only left-out ones were linked to.

    Args:
        binaries: what is left after `slim`.
        linked_names: gives the file names of the libraries that a file is linked to.

    Returns:
        All modules and plugins, and the libraries that they reach.
    """
    libraries: dict[str, list[TocEntry]] = {}
    waiting: list[TocEntry] = []
    for entry in binaries:
        if _is_library(entry):
            libraries.setdefault(Path(entry[0]).name, []).append(entry)
        elif entry[2] != "SYMLINK":
            waiting.append(entry)
    reached: set[str] = set()
    while waiting:
        for name in linked_names(waiting.pop()[1]):
            if name in libraries and name not in reached:
                reached.add(name)
                waiting += libraries[name]
    return [entry for entry in binaries if not _is_library(entry) or Path(entry[0]).name in reached]


def _is_library(entry: TocEntry) -> bool:
    """Whether a file is there only for those that are linked to it: not by its name alone."""
    path, _, kind = entry
    folder, _, name = path.rpartition("/")
    # The program's loader opens Python's own library, and torch its libraries, by their paths.
    return (
        kind == "BINARY"
        and name.startswith("lib")
        and not name.startswith("libpython")
        and (folder in {"", "PySide6/Qt/lib"} or folder.endswith(".libs"))
    )


def is_source_read(path: str) -> bool:
    """Whether a Python source, by its path in the bundle, is read while its package is imported."""
    return any(fnmatchcase(path, pattern) for pattern in SOURCES_READ)


def needed_sources(modules: Toc) -> Toc:
    """Sources that are also shipped as they are, beside their bytecode.

    Args:
        modules: PyInstaller's list of pure Python modules.
    """
    sources: Toc = []
    for name, source, _ in modules:
        path = name.replace(".", "/")
        path += "/__init__.py" if Path(source).name == "__init__.py" else ".py"
        if is_source_read(path):
            sources.append((path, source, "DATA"))
    return sources
