from annotation.drift_plot import EDGE, HEIGHT, WIDTH, drift_plot


def test_dots_stand_at_the_middle_of_their_windows():
    plot = drift_plot([(1, 50, 1.0), (51, 100, 0.5), (101, 200, 0.0)])
    assert [dot.x for dot in plot.dots] == [EDGE + share * (WIDTH - 2 * EDGE) for share in (0.125, 0.375, 0.75)]
    assert [dot.y for dot in plot.dots] == [EDGE, HEIGHT / 2, HEIGHT - EDGE]
    assert plot.line == "23,4 61,24 118,44"
    assert plot.last.agreement == 0.0


def test_fewer_than_two_windows_are_no_line():
    assert drift_plot([]) is None
    assert drift_plot([(1, 1, 1.0)]) is None
