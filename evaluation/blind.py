"""What a participant may see of a trial, as a type: it has no room for a system's name, id, time or failure."""

from dataclasses import dataclass

from evaluation.models import Side, Trial
from playoff.common.clock import database_now


@dataclass(frozen=True, slots=True)
class BlindTrack:
    position: int
    title: str
    artists: str
    artist_list: tuple[str, ...]
    year: int | None
    preview_url: str


@dataclass(frozen=True, slots=True)
class BlindTrial:
    """`a` and `b` are empty until both are on show, and of the same length then."""

    id: str
    state: str
    query: str
    a: tuple[BlindTrack, ...]
    b: tuple[BlindTrack, ...]
    choice: str = ""


SHOWN = {Trial.State.READY, Trial.State.JUDGED}


def blind(trial: Trial) -> BlindTrial:
    """The participant's view of the trial, by the database's clock: before the release tick it is still generating.

    Costs one query, or two more once the playlists are on show.
    """
    state = trial.state
    if state in {Trial.State.READY, Trial.State.IDENTICAL} and (
        trial.visible_from is None or trial.visible_from > database_now()
    ):
        state = Trial.State.GENERATING
    shown = {side.name: _tracks(side) for side in trial.sides.all()} if state in SHOWN else {}
    choice = trial.judgment.choice if state == Trial.State.JUDGED else ""
    return BlindTrial(
        id=str(trial.public_id),
        state=str(state),
        query=trial.query,
        a=shown.get("a", ()),
        b=shown.get("b", ()),
        choice=choice,
    )


def _tracks(side: Side) -> tuple[BlindTrack, ...]:
    return tuple(
        BlindTrack(
            position=position,
            title=track["title"],
            artists=", ".join(track["artists"]),
            artist_list=tuple(track["artists"]),
            year=track["year"],
            preview_url=track["preview_url"],
        )
        for position, track in enumerate(side.playlist or [], start=1)
    )
