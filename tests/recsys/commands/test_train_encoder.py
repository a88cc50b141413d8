import io

import pytest
from django.core.management import CommandError, call_command

from recsys.core.artifacts import read_manifest
from recsys.training.encoder import load_encoder


def run(**options) -> str:
    out = io.StringIO()
    call_command("train_encoder", stdout=out, **options)
    return out.getvalue()


def test_makes_a_folder_that_loads_as_an_encoder(toy_models):
    assert load_encoder(str(toy_models / "encoder")).encode(["rock"]).shape == (1, 128)
    assert read_manifest(toy_models / "encoder").slug == "static-encoder"


def test_the_same_command_again_does_nothing(toy_folder, toy_models):
    assert "already trained" in run(dataset=toy_folder, out=toy_models / "encoder")


def test_refuses_to_overwrite_another(toy_folder, toy_models):
    with pytest.raises(CommandError, match="differs in seed"):
        run(dataset=toy_folder, out=toy_models / "encoder", seed=3)
