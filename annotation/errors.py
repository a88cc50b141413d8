"""Refusals of the labelling workbench."""

from playoff.common.errors import PlayoffError


class CampaignNotOpenError(PlayoffError):
    """Nothing can be labelled in a campaign that is not open."""

    code = "campaign_not_open"


class NotGivenError(PlayoffError):
    """The query was never given to this annotator."""

    code = "not_given"


class AlreadyLabelledError(PlayoffError):
    """The annotator has labelled this query differently; changing it must be said."""

    code = "already_labelled"


class NothingToUndoError(PlayoffError):
    """The annotator has no label left to take back."""

    code = "nothing_to_undo"


class NotAllowedError(PlayoffError):
    """This person may not label in this campaign."""

    status = 403
    code = "not_allowed"
