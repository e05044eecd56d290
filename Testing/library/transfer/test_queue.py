"""The order in which tasks start, and when the last one is finished."""

import threading

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.transfer.queue import TaskQueue


class Task:
    def __init__(self, resource):
        self.resource = resource

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
            queue.finished()

    worker = threading.Thread(target=work)
    worker.start()
    queue.put(Task(Resource("1.2", "1.2.3")))
    queue.finished()
    worker.join(10)
    assert first.resource == Resource("1.2")
    assert taken == [Resource("1.2", "1.2.3")]
    assert not worker.is_alive()


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
