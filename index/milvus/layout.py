"""What lies where on the server: four collections for each build from nothing, and two names.

    danis                      alias of the states of the build in use: the switch of a rebuild
    danis_<build>_states       published states; the highest number is in use: the other switch
    danis_<build>_documents    a row for each document
    danis_<build>_passages     a row for each passage: vector, terms, text, sentence vectors
    danis_<build>_words        how many passages hold each term, and each word as it is written
    danis_lock                 who builds now

Rows are versioned: a state with number n sees those with born <= n < died. A build adds rows that
are born, and marks others that die, in the state after the published one, and then publishes that
with one row. Who reads the state before goes on to see all of it, and nothing of the next; what
only older states see is removed once nobody can be reading them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.milvus.connection import Server

if TYPE_CHECKING:
    from pymilvus import CollectionSchema

ALIAS = "danis"
LOCK = "danis_lock"
ALIVE = 1 << 62  # `died` of a row that no state has lost yet

WORD_BYTES = 8_192  # no word is longer than a passage
_TEXT_BYTES = 65_535  # of one string; the server takes no longer one
_PIECES = 64
_NO_VECTOR = {"nothing": [0.0, 0.0]}  # every collection must have a vector


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the server keeps and searches passage vectors; see docs/scaling.md."""

    kind: str = "AUTOINDEX"
    shards: int = 1
    replicas: int = 1

    @property
    def build_parameters(self) -> dict[str, int]:
        """For the creation of the vector index."""
        return {"M": 16, "efConstruction": 200} if self.kind == "HNSW" else {}

    def search_parameters(self, k: int) -> dict[str, int]:
        """For a search of the k nearest: how many candidates are looked at."""
        names = {"HNSW": "ef", "DISKANN": "search_list"}
        return {names[self.kind]: 2 * k} if self.kind in names else {}


@dataclass(frozen=True, slots=True)
class Collections:
    """The names of one build's collections."""

    build: str

    @property
    def states(self) -> str:
        return f"{ALIAS}_{self.build}_states"

    @property
    def documents(self) -> str:
        return f"{ALIAS}_{self.build}_documents"

    @property
    def passages(self) -> str:
        return f"{ALIAS}_{self.build}_passages"

    @property
    def words(self) -> str:
        return f"{ALIAS}_{self.build}_words"

    @property
    def all(self) -> tuple[str, ...]:
        return self.states, self.documents, self.passages, self.words

    @property
    def versioned(self) -> tuple[str, ...]:
        """Those whose rows are born and die."""
        return self.documents, self.passages, self.words


def visible(number: int) -> str:
    """The expression for the rows that a state sees."""
    return f"born <= {number} and died > {number}"


def without_vector(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a collection that holds no vectors."""
    return row | _NO_VECTOR


def storable(word: str) -> bool:
    """Whether a word can stand in a row and in an expression; odd bytes cannot."""
    return word.isprintable() and len(word.encode("utf-8", "replace")) <= WORD_BYTES


def pieces(text: str) -> list[str]:
    """A text as strings that are short enough for one field."""
    most = _TEXT_BYTES // 4  # characters; none takes more than four bytes
    return [text[at : at + most] for at in range(0, len(text), most)] or [""]


def create(server: Server, names: Collections, dimensions: int, engine: EngineOptions) -> None:
    """Creates the collections of a build from nothing."""
    from pymilvus import DataType

    numbers = DataType.INT64
    _create(
        server,
        names.states,
        {"number": numbers, "published": numbers, "version": 200, "body": _TEXT_BYTES},
    )
    _create(
        server,
        names.documents,
        {"born": numbers, "died": numbers, "path": _TEXT_BYTES, "record": None},
    )
    _create(
        server,
        names.words,
        {"born": numbers, "died": numbers, "kind": numbers, "form": WORD_BYTES, "word": WORD_BYTES}
        | {"count": numbers},
        indexed=("form",),
    )
    _create(
        server,
        names.passages,
        {"born": numbers, "died": numbers, "document": numbers, "key": 64, "language": 64}
        | {"packed": None, "record": None},
        indexed=("key", "document"),
        dimensions=dimensions,
        engine=engine,
    )


def create_lock(server: Server) -> None:
    """Creates the collection of those who build, where there is none."""
    from pymilvus import DataType

    if not server.call("has_collection", LOCK):
        _create(server, LOCK, {"until": DataType.INT64, "holder": 256})


def _create(
    server: Server,
    name: str,
    fields: dict[str, Any],
    *,
    indexed: tuple[str, ...] = (),
    dimensions: int = 0,
    engine: EngineOptions | None = None,
) -> None:
    """`fields` has a type, the bytes of a string, or None for a long text in pieces."""
    from pymilvus import DataType, MilvusClient

    schema: CollectionSchema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    for field, kind in fields.items():
        if kind is None:
            schema.add_field(
                field,
                DataType.ARRAY,
                element_type=DataType.VARCHAR,
                max_capacity=_PIECES,
                max_length=_TEXT_BYTES,
            )
        elif isinstance(kind, DataType):
            schema.add_field(field, kind)
        else:
            schema.add_field(field, DataType.VARCHAR, max_length=kind)
    indexes = MilvusClient.prepare_index_params()
    for field in indexed:
        indexes.add_index(field, index_type="INVERTED")
    engine = engine or EngineOptions()
    if dimensions:
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimensions)
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        indexes.add_index(
            "dense", index_type=engine.kind, metric_type="IP", params=engine.build_parameters
        )
        indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    else:
        schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)
        indexes.add_index("nothing", index_type="FLAT", metric_type="IP")
    server.call(
        "create_collection",
        name,
        schema=schema,
        num_shards=engine.shards if dimensions else 1,
        consistency_level="Bounded",
    )
    server.call("create_index", name, indexes, sync=False)  # there is nothing to wait for yet
    server.call("load_collection", name, replica_number=engine.replicas)


def drop(server: Server, names: Collections) -> None:
    """Removes a build's collections."""
    for name in names.all:
        server.call("drop_collection", name)


def builds(server: Server) -> set[str]:
    """The builds from nothing of which anything is on the server."""
    found = set()
    for name in server.call("list_collections"):
        first, _, rest = name.partition("_")
        build, _, last = rest.rpartition("_")
        if first == ALIAS and build and last in ("states", "documents", "passages", "words"):
            found.add(build)
    return found
