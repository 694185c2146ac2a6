"""Models that are worth a try beside the bundled one, with what their makers say of them.

Sizes, dimensions, licences and `mteb` are from the model cards and the MMTEB paper (Enevoldsen et
al. 2025, arXiv:2502.13595), not measured here. `mteb` is the mean over MTEB(Multilingual): 132
tasks of many kinds in 250 languages. It says little about finding Turkish passages: measure that
on your own questions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """An embedding model, or a reranker (`dimensions` 0), under its name on the hub."""

    name: str
    parameters: int  # millions
    megabytes: int  # to fetch
    dimensions: int
    licence: str
    mteb: float | None = None
    prefixes: str = "none"  # what it wants before questions and passages; set by itself
    needs_code: bool = False  # which Danış never runs: not usable
    gated: bool = False  # an account has to accept its licence first
    turkish: str = ""
    english: str = ""

    @property
    def reranks(self) -> bool:
        """Whether it is for RERANKER_MODEL."""
        return not self.dimensions

    def note(self, language: str) -> str:
        """What else is to be known."""
        return self.turkish if language == "tr" else self.english


KNOWN = (
    KnownModel(
        "bundled",
        118,
        0,
        384,
        "MIT",
        None,
        "query: / passage: ",
        turkish="multilingual-e5-small, 4 bit; bu projede ölçülen tek model",
        english="multilingual-e5-small in 4 bits; the only one that this project measures",
    ),
    KnownModel(
        "intfloat/multilingual-e5-small",
        118,
        471,
        384,
        "MIT",
        55.5,
        "query: / passage: ",
        turkish="gömülü modelin tam duyarlıklısı",
        english="the bundled one in full precision",
    ),
    KnownModel("intfloat/multilingual-e5-base", 278, 1110, 768, "MIT", 57.0, "query: / passage: "),
    KnownModel(
        "intfloat/multilingual-e5-large", 560, 2240, 1024, "MIT", 58.6, "query: / passage: "
    ),
    KnownModel("BAAI/bge-m3", 568, 2270, 1024, "MIT", 59.6),
    KnownModel(
        "Snowflake/snowflake-arctic-embed-l-v2.0", 568, 2270, 1024, "Apache-2.0", None, "query: / –"
    ),
    KnownModel(
        "Qwen/Qwen3-Embedding-0.6B",
        596,
        1190,
        1024,
        "Apache-2.0",
        64.3,
        "Instruct: … Query: / –",
        turkish="bir dil modelinden türetilmiş",
        english="made from a language model",
    ),
    KnownModel(
        "google/embeddinggemma-300m",
        308,
        1210,
        768,
        "Gemma",
        61.2,
        "task: … / title: … ",
        gated=True,
    ),
    KnownModel(
        "Alibaba-NLP/gte-multilingual-base", 305, 611, 768, "Apache-2.0", 58.2, needs_code=True
    ),
    KnownModel(
        "cross-encoder/mmarco-mMiniLMv2-L12-H384-v1",
        118,
        471,
        0,
        "Apache-2.0",
        turkish="14 dilde eğitilmiş, Türkçe içlerinde yok",
        english="trained in 14 languages, Turkish not among them",
    ),
    KnownModel("BAAI/bge-reranker-v2-m3", 568, 2270, 0, "Apache-2.0"),
    KnownModel(
        "Alibaba-NLP/gte-multilingual-reranker-base", 306, 612, 0, "Apache-2.0", needs_code=True
    ),
)


def known(name: str) -> KnownModel | None:
    """The model of this name, None where it is not among them."""
    return next((model for model in KNOWN if model.name == name), None)
