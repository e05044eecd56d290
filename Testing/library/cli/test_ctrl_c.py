"""How a wait for the network is given up, in the way that Windows needs."""

import _thread
import signal
import threading

import pytest
from DICOMWebNodesLib.cli.ctrl_c import interruptible
from DICOMWebNodesLib.errors import Cancelled, TimedOut

both = pytest.mark.parametrize("threaded", [True, False], ids=["in a thread", "here"])


@both
def test_what_the_work_gives_is_given(threaded):
    assert interruptible(lambda control: 7, threaded) == 7


@both
def test_what_the_work_raises_is_raised(threaded):
    def fail(control):
        raise TimedOut("the server is silent")

    with pytest.raises(TimedOut):
        interruptible(fail, threaded)


def test_whoever_interrupts_a_prompt_in_the_work_is_heard():
    def prompt(control):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interruptible(prompt, threaded=True)


def test_only_in_a_thread_does_the_work_leave_the_main_thread_free():
    for threaded in (True, False):
        where = interruptible(lambda control: threading.current_thread(), threaded)
        assert (where is threading.current_thread()) is not threaded


@pytest.fixture
def heard():
    """A shell lets what it starts in the background ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_cancels_the_request_under_way():
    ended = []

    def ask(control):
        cancelled = threading.Event()
        control.on_cancel(cancelled.set)
        _thread.interrupt_main()  # as Ctrl-C does
        ended.append(cancelled.wait(20))
        raise Cancelled("it was cancelled")

    with pytest.raises(KeyboardInterrupt):
        interruptible(ask, threaded=True)
    assert ended == [True]
