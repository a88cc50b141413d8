"""The recommenders, by name. A class is imported when it is first asked for, with whatever library it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from recsys.core.errors import RequestError
from recsys.core.recommender import Trainable


@dataclass(frozen=True, slots=True)
class Entry:
    """One recommender of the registry.

    Attributes:
        title: what people read.
        path: `module:Class`.
        paper: where it comes from.
        options: which of `encoder` and `classifier` its training takes.
        pretrained: whether it takes a pretrained encoder where none is named, instead of training a static one.
    """

    title: str
    path: str
    paper: str
    options: frozenset[str] = frozenset()
    pretrained: bool = False


RECOMMENDERS: Mapping[str, Entry] = {
    "popularity": Entry(
        "Popularity",
        "recsys.recommenders.popularity:Popularity",
        paper="Text2Tracks (arXiv 2503.24193), section 4",
    ),
    "bm25": Entry(
        "BM25 over playlist titles",
        "recsys.recommenders.bm25:BM25",
        paper="Text2Tracks (arXiv 2503.24193), section 4; Robertson and Zaragoza 2009",
    ),
    "biencoder-zeroshot": Entry(
        "Bi-encoder over playlist titles, zero-shot",
        "recsys.recommenders.biencoder.recommender:BiEncoderZeroShot",
        paper="Text2Tracks (arXiv 2503.24193), section 4",
        options=frozenset({"encoder"}),
        pretrained=True,
    ),
    "biencoder": Entry(
        "Bi-encoder over playlist titles, fine-tuned",
        "recsys.recommenders.biencoder.recommender:BiEncoder",
        paper="Text2Tracks (arXiv 2503.24193), section 4; InfoNCE (arXiv 1807.03748), eq. 4",
        options=frozenset({"encoder"}),
        pretrained=True,
    ),
    "retriever": Entry(
        "Retriever",
        "recsys.recommenders.retriever.plain:Retriever",
        paper="Learning When to Personalize, eq. 1",
        options=frozenset({"encoder"}),
    ),
    "retriever-cr": Entry(
        "Retriever with collaborative re-ranking",
        "recsys.recommenders.retriever.reranked:RetrieverCR",
        paper="Learning When to Personalize, eq. 1, 2 and 6",
        options=frozenset({"encoder"}),
    ),
    "retriever-cr-dp": Entry(
        "Retriever with collaborative re-ranking and dynamic personalisation",
        "recsys.recommenders.retriever.dynamic:RetrieverCRDP",
        paper="Learning When to Personalize, eq. 1 and 3 to 6",
        options=frozenset({"encoder", "classifier"}),
    ),
}


def entry(slug: str) -> Entry:
    """Return what is registered under `slug`.

    Raises:
        RequestError: Nothing is.
    """
    try:
        return RECOMMENDERS[slug]
    except KeyError:
        raise RequestError(f"There is no system {slug!r}; available are {', '.join(RECOMMENDERS)}.") from None


def recommender_class(slug: str) -> type[Trainable]:
    """Import and return the class registered under `slug`.

    Raises:
        RequestError: Nothing is, or a library that it needs is not installed.
    """
    module, name = entry(slug).path.split(":")
    try:
        found: type[Trainable] = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("recsys", "annotation"):
            raise
        raise RequestError(f"The system {slug!r} needs the library {error.name}; install the `ml` extra.") from error
    return found
