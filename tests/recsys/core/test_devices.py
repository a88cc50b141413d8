import pytest

from recsys.core.devices import check_device
from recsys.core.errors import RequestError


def test_every_machine_has_a_cpu():
    assert check_device("cpu") == "cpu"


def test_refuses_an_unknown_device():
    with pytest.raises(RequestError, match="one of cpu, cuda, got 'tpu'"):
        check_device("tpu")


def test_refuses_cuda_where_there_is_none():
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(RequestError, match="sees no CUDA device here; use cpu"):
        check_device("cuda")


@pytest.mark.gpu
def test_takes_cuda_where_there_is_one():
    assert check_device("cuda") == "cuda"
