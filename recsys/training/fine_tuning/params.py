"""What can be set when an encoder is fine-tuned."""

from dataclasses import dataclass, fields

from recsys.core.errors import RequestError

QUERIES = ("titles", "requests", "wishes")
_CHOICES = {
    "documents": ("metadata", "playlists", "titles"),
    "pooling": ("auto", "mean", "cls", "last"),
    "lora": ("auto", "on", "off"),
    "adapter": ("auto", "merge", "keep"),
    "precision": ("auto", "fp32", "bf16"),
    "metric": ("ndcg@10", "recall@100"),
}
_POSITIVE = (
    "epochs",
    "batch",
    "micro_batch",
    "temperature",
    "mine_every",
    "titles",
    "softness",
    "length",
    "lora_rank",
    "lora_alpha",
)


@dataclass(frozen=True, slots=True)
class FineTuningParams:
    """How an encoder is fine-tuned.

    Attributes:
        documents: what the encoder reads of a track: `metadata`, the titles of its training `playlists` one after the
            other, or one of those `titles`, another than the query and drawn anew each time (`title_votes.py`).
        queries: what it learns from, any of `titles`, `requests`, `wishes`, with commas between them.
        own_title: whether a training pair's document keeps the very title that is the pair's query; `playlists` only.
        titles: most titles in a document; `playlists` only.
        softness: tau of the votes of titles in validation; `titles` only.
        wishes: per track and epoch.
        pairs: most pairs per epoch, drawn anew each time; 0 for all.
        per_query: most of them of one title or request; 0 for all. Lists of thousands of tracks, which share most of
            them with each other, would otherwise be most of what is seen.
        epochs: most passes; the best one on the validation split is kept.
        patience: epochs without a better one after which training stops; 0 never stops it.
        metric: by which epochs are compared, `ndcg@10` or `recall@100`.
        validation_pool: most tracks among which validation queries look for theirs; 0 for all.
        batch: pairs per step: each query is told from the tracks of all the others.
        micro_batch: queries, and tracks, whose activations are kept at once; a larger batch goes through in parts, to
            the same gradient.
        rate: of AdamW; 0 for 2e-5 (1e-4 for adapters), and 0.005 for a static encoder.
        warmup: share of the steps over which the rate rises, to fall to 0 over the rest.
        weight_decay: of AdamW, on matrices only.
        temperature: divides the cosines; 0.05 is the scale of 20 of MultipleNegativesRankingLoss.
        both_directions: whether a track is told from other queries as well.
        negatives: hard negatives per query; 0 for in-batch negatives alone.
        negatives_from: best rank, from 0, that a hard negative may have for its query.
        negatives_to: rank that it may no longer have.
        mine_every: epochs after which hard negatives are looked for again.
        mining_pool: most tracks among which they are looked for; 0 for all.
        length: tokens of a text in training, if the model reads that many.
        pooling: `mean`, `cls` or `last` token; `auto` for what the model says, else `last` for a decoder and `mean`.
        query_prefix: stands before queries and never before tracks; `auto` for the model's own, or for a decoder
            without one an instruction.
        lora: whether only low-rank adapters are trained; `auto` for models of 300 million parameters and more.
        lora_rank: of the adapters.
        lora_alpha: scales the adapters, by alpha / rank.
        lora_dropout: before the adapters.
        adapter: whether a trained adapter is merged into the weights on saving or kept beside the base's name; `auto`
            keeps it for a base of the hub.
        gradient_checkpointing: whether activations are computed twice instead of kept.
        precision: of the arithmetic; `auto` is bf16 on cuda.
        checkpoint_steps: steps between two checkpoints within an epoch.
    """

    documents: str = "metadata"
    queries: str = "titles,requests,wishes"
    own_title: bool = True
    titles: int = 50
    softness: float = 0.1
    wishes: int = 1
    pairs: int = 0
    per_query: int = 0
    epochs: int = 3
    patience: int = 2
    metric: str = "ndcg@10"
    validation_pool: int = 2000
    batch: int = 64
    micro_batch: int = 128
    rate: float = 0.0
    warmup: float = 0.1
    weight_decay: float = 0.01
    temperature: float = 0.05
    both_directions: bool = False
    negatives: int = 1
    negatives_from: int = 10
    negatives_to: int = 100
    mine_every: int = 1
    mining_pool: int = 5000
    length: int = 128
    pooling: str = "auto"
    query_prefix: str = "auto"
    lora: str = "auto"
    lora_rank: int = 16
    lora_alpha: int = 32
    lora_dropout: float = 0.05
    adapter: str = "auto"
    gradient_checkpointing: bool = False
    precision: str = "auto"
    checkpoint_steps: int = 200

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise RequestError(f"`{name}` must be one of {', '.join(allowed)}, got {getattr(self, name)!r}.")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int | float) and (value < 0 or (field.name in _POSITIVE and value == 0)):
                bound = "above 0" if field.name in _POSITIVE else "0 or more"
                raise RequestError(f"`{field.name}` must be {bound}, got {value}.")
        if not self.kinds or not set(self.kinds) <= set(QUERIES):
            raise RequestError(f"`queries` names one or more of {', '.join(QUERIES)}, got {self.queries!r}.")
        if not self.warmup < 1 or not self.lora_dropout < 1:
            raise RequestError("`warmup` and `lora_dropout` are shares below 1.")
        if self.documents == "titles" and self.negatives:
            raise RequestError("A title is told from the other titles of its batch alone; set `negatives` to 0.")
        if self.negatives and not self.negatives_from + self.negatives <= self.negatives_to:
            raise RequestError(
                f"{self.negatives} hard negatives do not fit between the ranks {self.negatives_from} and"
                f" {self.negatives_to}; raise `negatives_to`."
            )

    @property
    def kinds(self) -> list[str]:
        """What it learns from, one by one."""
        return [kind.strip() for kind in self.queries.split(",") if kind.strip()]
