"""The order in which tasks start, and when the last one is finished."""

import threading

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.transfer.queue import LOOK_AHEAD, TaskQueue


class Task:
    def __init__(self, resource, is_plan=False):
        self.resource = resource
        self.is_plan = is_plan

    def run(self):
        pass

    def abandon(self, error):
        pass


def test_tasks_come_in_the_order_in_which_they_were_put():
    queue, tasks = TaskQueue(), [Task(Resource("1.2", f"1.2.{n}")) for n in range(5)]
    for task in tasks:
        queue.put(task)
    assert [queue.take() for _ in tasks] == tasks


def test_what_somebody_looks_at_comes_first():
    queue, tasks = TaskQueue(), [Task(Resource("1.2", f"1.2.{n}")) for n in range(5)]
    for task in tasks:
        queue.put(task)
    queue.prioritise(Resource("1.2", "1.2.3"))
    queue.prioritise(Resource("1.2", "1.2.4"))
    assert [queue.take().resource.series_instance_uid[-1] for _ in tasks] == ["4", "3", "0", "1", "2"]


def test_what_is_looked_at_again_comes_before_what_was_looked_at_meanwhile():
    queue, tasks = TaskQueue(), [Task(Resource("1.2", f"1.2.{n}")) for n in range(4)]
    for task in tasks:
        queue.put(task)
    for number in (1, 2, 1, 3):
        queue.prioritise(Resource("1.2", f"1.2.{number}"))
    assert [queue.take().resource.series_instance_uid[-1] for _ in tasks] == ["3", "1", "2", "0"]


def test_a_series_that_is_urgent_makes_its_study_urgent_while_it_is_not_planned_yet():
    queue = TaskQueue()
    for study in ("1.1", "1.2"):
        queue.put(Task(Resource(study)))
    queue.prioritise(Resource("1.2", "1.2.3"))
    assert queue.take().resource == Resource("1.2")


def test_instances_of_an_urgent_series_come_first_also_when_they_are_put_later():
    queue = TaskQueue()
    queue.prioritise(Resource("1.2", "1.2.3"))
    queue.put(Task(Resource("1.2", "1.2.9")))
    queue.put(Task(Resource("1.2", "1.2.3", "1.2.3.1")))
    assert queue.take().resource.sop_instance_uid == "1.2.3.1"


def test_a_worker_waits_for_tasks_that_running_tasks_may_still_add():
    queue, taken = TaskQueue(), []
    queue.put(Task(Resource("1.2")))
    first = queue.take()

    def work():
        while (task := queue.take()) is not None:
            taken.append(task.resource)
            queue.finished(task)

    worker = threading.Thread(target=work)
    worker.start()
    queue.put(Task(Resource("1.2", "1.2.3")))
    queue.finished(first)
    worker.join(10)
    assert first.resource == Resource("1.2")
    assert taken == [Resource("1.2", "1.2.3")]
    assert not worker.is_alive()


def plan(number):
    return Task(Resource(f"1.{number}"), is_plan=True)


def test_what_is_planned_comes_before_more_is_planned_but_for_one_plan_that_goes_ahead():
    queue, plans = TaskQueue(), [plan(number) for number in range(4)]
    for each in plans:
        queue.put(each)
    assert [queue.take(), queue.take()] == plans[:2], "there is nothing else to do"
    series = [Task(Resource("1.0", f"1.0.{number}")) for number in range(3)]
    for each in series:
        queue.put(each)
    assert queue.take() is series[0]
    queue.finished(plans[0])
    assert queue.take() is series[1], "the other one is being made"
    queue.finished(plans[1])
    assert queue.take() is plans[2]
    assert queue.take() is series[2]
    assert queue.take() is plans[3], "rather than to wait"


def test_no_plan_goes_ahead_of_enough_to_do():
    queue = TaskQueue()
    for number in range(LOOK_AHEAD):
        queue.put(Task(Resource("1.0", f"1.0.{number}")))
    queue.put(plan(1))
    assert not queue.take().is_plan
    assert queue.take().is_plan


def test_the_plan_of_what_somebody_looks_at_comes_before_all_else():
    queue = TaskQueue()
    for task in (plan(1), plan(2), Task(Resource("1.0", "1.0.1"))):
        queue.put(task)
    queue.prioritise(Resource("1.2"))
    assert queue.take().resource == Resource("1.2")
    queue.prioritise(Resource("1.0", "1.0.1"))
    assert queue.take().resource == Resource("1.0", "1.0.1")


def test_what_is_held_stays_in_the_queue_and_comes_in_its_turn_when_it_is_released():
    held = {Resource("1.2", "1.2.0")}
    queue = TaskQueue(held.__contains__)
    for number in range(3):
        queue.put(Task(Resource("1.2", f"1.2.{number}")))
    taken = [queue.take().resource.series_instance_uid]
    held.clear()
    queue.release()
    taken += [queue.take().resource.series_instance_uid for _ in range(2)]
    assert taken == ["1.2.1", "1.2.0", "1.2.2"]


def test_draining_hands_over_what_is_held_too():
    queue, abandoned = TaskQueue(lambda resource: True), []
    queue.put(Task(Resource("1.2")))
    worker = threading.Thread(target=queue.take)
    worker.start()
    queue.drain(abandoned.append)
    worker.join(10)
    assert len(abandoned) == 1
    assert not worker.is_alive()


def test_draining_hands_over_every_waiting_task_and_ends_the_queue():
    queue, abandoned = TaskQueue(), []
    for number in range(3):
        queue.put(Task(Resource("1.2", f"1.2.{number}")))
    queue.drain(lambda task: abandoned.append(task.resource.series_instance_uid))
    assert abandoned == ["1.2.0", "1.2.1", "1.2.2"]
    assert queue.take() is None
