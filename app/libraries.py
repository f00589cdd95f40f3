"""Documents that a visitor added: collections of their own, searched for them alone.

Adding goes on in the background, one visitor at a time, so that leaving the page or reloading it
loses nothing; whoever comes back sees how far it is.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import BadInput, ExpertError
from app.wiring import (
    PRIVATE,
    CollectionInfo,
    Index,
    Parsed,
    Product,
    Upload,
    add_uploads,
    open_private,
    private_collections,
    private_generations,
    take_out,
)
from ingest.schema import Text

NAME_CHARACTERS = 20
OPEN_COLLECTIONS = 32
REMEMBERED = 100
_OWNER_CHARACTERS = 15
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Library:
    """A collection as its owner sees it."""

    name: str
    documents: tuple[str, ...]
    passages: int


class Adding:
    """Documents on their way into a collection. `over` is set when they are in it or it failed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.progress = 0.0
        self.parsed: Parsed | None = None
        self.passages: int | None = None
        self.error: Exception | None = None
        self.over = threading.Event()

    def advance(self, share: float, _what: str) -> None:
        self.progress = share


class Libraries:
    """The collections of all visitors; each is found by its owner alone. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._open: OrderedDict[tuple[str, str], Index] = OrderedDict()
        self._adding: OrderedDict[str, Adding] = OrderedDict()

    def of(self, product: Product, owner: str) -> list[Library]:
        """The owner's collections, by name."""
        prefix = _prefix(owner)
        found = private_collections(product.settings, prefix)
        return [_as_seen(info, prefix) for info in found]

    def product_for(self, product: Product, owner: str) -> Product:
        """The product as this owner searches it: with their own collections."""
        generations = private_generations(product.settings, _prefix(owner))
        if not generations:
            return product
        indexes = (self._opened(product, key) for key in generations.items())
        return product.with_collections([index for index in indexes if index is not None])

    def add(self, product: Product, owner: str, name: str, uploads: Sequence[Upload]) -> Adding:
        """Begins to add files to a collection. BadInput when the name has no letter or digit."""
        shown = library_name(name)
        adding = Adding(shown)
        with self._lock:
            self._adding[owner] = adding
            self._adding.move_to_end(owner)
            while len(self._adding) > REMEMBERED:
                self._adding.popitem(last=False)
        collection = f"{PRIVATE}{_prefix(owner)}{shown}"
        threading.Thread(
            target=self._run,
            args=(adding, product, collection, tuple(uploads)),
            daemon=True,
            name="add-documents",
        ).start()
        return adding

    def adding(self, owner: str) -> Adding | None:
        """What the owner added last, still on its way or not."""
        with self._lock:
            return self._adding.get(owner)

    def seen(self, owner: str) -> None:
        """Forgets the receipt of what was added last."""
        with self._lock:
            self._adding.pop(owner, None)

    def remove(self, product: Product, owner: str, name: str, document: str) -> None:
        """Removes a document; with its last one the collection goes."""
        collection = f"{PRIVATE}{_prefix(owner)}{library_name(name)}"
        with self._turn:
            take_out(product, collection, document, lambda *_: None)

    def _run(
        self, adding: Adding, product: Product, collection: str, uploads: tuple[Upload, ...]
    ) -> None:
        try:
            with self._turn:
                info, adding.parsed = add_uploads(product, uploads, collection, adding.advance)
            adding.passages = info.passages if info else None
        except ExpertError as error:
            adding.error = error
        except Exception as error:
            _log.exception("documents could not be added")
            adding.error = error
        finally:
            adding.over.set()

    def _opened(self, product: Product, key: tuple[str, str]) -> Index | None:
        with self._lock:
            index = self._open.get(key)
        if index is None:
            # Outside of the lock: one made with another model is built again first.
            index = open_private(product, key[0])
        if index is None:
            return None
        with self._lock:
            self._open[key] = index
            self._open.move_to_end(key)
            while len(self._open) > OPEN_COLLECTIONS:
                self._open.popitem(last=False)
        return index


def library_name(given: str) -> str:
    """The name as a collection can have it: small letters, digits and hyphens."""
    letters = unicodedata.normalize("NFKD", given.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:NAME_CHARACTERS].strip("-")
    if not name:
        raise BadInput(
            Text(
                en="The collection's name has no letter or digit.",
                es="El nombre de la colección no tiene letras ni cifras.",
            ),
            Text(en="Write for example: team docs.", es="Escribe, por ejemplo: docs del equipo."),
        )
    return name


def _prefix(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:_OWNER_CHARACTERS] + "-"


def _as_seen(info: CollectionInfo, prefix: str) -> Library:
    return Library(info.name.removeprefix(PRIVATE + prefix), info.documents, info.passages)
