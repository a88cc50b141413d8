"""`retriever-cr-dp`: re-ranking with an exponent for each query, its probability of being personal, eq. 3 to 5."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from annotation.public import ClassifierError, QueryClassifier, Spec, load_classifier, train_classifier
from recsys.core.artifacts import read_params, write_params
from recsys.core.errors import ArtifactError, RequestError
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.recommenders.retriever.reranked import Reranker, RerankingParams
from recsys.training.encoder import TextEncoder

_CLASSIFIER = "classifier"


class RetrieverCRDP:
    """Ranks the retriever's best 500 by s_llm * s_cf ** alpha(x), alpha(x) = P(personalised | x)."""

    slug: ClassVar[str] = "retriever-cr-dp"
    params_class: ClassVar[type[RerankingParams]] = RerankingParams

    def __init__(self, reranker: Reranker, classifier: QueryClassifier, params: RerankingParams) -> None:
        self.reranker = reranker
        self.classifier = classifier
        self.params = params

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.reranker.notes, f"Query types: classifier of the kind {self.classifier.kind}.")

    def knows(self, listener: str) -> bool:
        return self.reranker.knows(listener)

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        types = self.classifier.classify([query.text for query in queries]) if queries else []
        return self.reranker.rank(queries, [query_type.alpha for query_type in types], k=k)

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.reranker.save(directory)
        self.classifier.save(directory / _CLASSIFIER)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, RerankingParams)
        reranker = Reranker.load(directory, params, device=device)
        try:
            classifier = load_classifier(directory / _CLASSIFIER)
        except ClassifierError as error:
            raise ArtifactError(str(error)) from error
        return cls(reranker, classifier, params)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        params: RerankingParams | None = None,
        encoder: TextEncoder | None = None,
        classifier: QueryClassifier | None = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
        **_unused: object,
    ) -> Self:
        params = params or RerankingParams()
        if classifier is None:
            classifier = _train_classifier(dataset, seed=seed)
            if progress is not None:
                progress("query classifier", 1, 1)
        reranker = Reranker.train(dataset, params, seed=seed, encoder=encoder, workspace=workspace, progress=progress)
        return cls(reranker, classifier, params)

    def extended(
        self, dataset: Dataset, *, seed: int, workspace: Path | None = None, progress: Progress | None = None
    ) -> Self:
        reranker = self.reranker.extended(dataset, seed=seed, workspace=workspace, progress=progress)
        return type(self)(reranker, self.classifier, self.params)


def _train_classifier(dataset: Dataset, *, seed: int) -> QueryClassifier:
    if not dataset.queries:
        raise RequestError(
            f"The data set {dataset.name} has no labelled queries (queries.jsonl) to learn query types from;"
            " bring a classifier with --classifier."
        )
    try:
        return train_classifier(Spec("tfidf", seed=seed), dataset.queries)[0]
    except ClassifierError as error:
        raise RequestError(f"No query classifier can be trained on {dataset.name}: {error}") from error
