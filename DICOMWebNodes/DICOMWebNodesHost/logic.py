"""What the module can do, for widgets and for scripts.

::

    logic = slicer.util.getModuleLogic("DICOMWebNodes")
    for study in logic.search("Orthanc", PatientName="DOE*"):
        print(study.text("PatientName"), study.study_instance_uid)
    summary = logic.importStudies("Orthanc", [uid])          # into slicer.dicomDatabase
    logic.load(summary.seriesUIDs)                           # into the scene

Everything that takes time has two faces: ``startX(...)`` returns a :class:`Job` at once, ``x(...)`` waits for it with
the window alive and returns its value, or raises its error (all of :mod:`DICOMWebNodesLib.errors`).

Values that cost neither network nor waiting are the library's own, to be used in place: ``Node``, ``TLS``,
``ServiceType`` (nodes.node), ``normalise_base_url`` (nodes.url), ``profile_for``, ``profiles`` (nodes.profile),
``AuthMethod``, ``AuthProvider``, ``AuthRegistration``, ``templates()`` and ``AuthTemplate.fill`` (auth), ``Attributes``
(dicomweb.dicom_json), ``Resource`` (dicomweb.resource; "study[/series[/instance]]" as text).

A node is given as name, uid or bare URL; a resource as text or ``Resource``; an authentication method as name or uid.

============================================================================ ==========================================
blocking call (each also as ``startX`` -> Job)                                 value
============================================================================ ==========================================
nodes()                                                                        tuple of ListedNode(node, predefined)
addNode(node: Node) / updateNode(uid, node: Node)                              Node
removeNode(node) / duplicateNode(node, name="") / moveNode(node, position)     Node
importNodes(path)                                                              ImportReport(added, renamed, skipped)
exportNodes(path, nodes=(), secrets=False)                                     int, how many (no names: all own nodes)
testNode(node: str | Node)                                                     tuple of Check(service, ok, message)
authenticationMethods()                                                        tuple of ListedMethod(method, status)
addMethod(method: AuthMethod, secret="") / updateMethod(uid, method, secret=None)   AuthMethod
removeMethod(method) / methodStatus(method)                                    AuthMethod / AuthStatus
setSecretHeader(node, name, value)                                             None; "" forgets it
signIn(method, device=False, openBrowser=True)                                 account name; job.prompted -> Prompt
signOut(method)                                                                text that says what happened
search(node, level="studies", within="", includefield=(), fuzzymatching=False,
       limit=None, offset=0, **matching)                                       tuple of Attributes
metadata(node, resource)                                                       tuple of Attributes
thumbnail(node, resource)                                                      Picture(contentType, data: bytes)
importStudies(node, resources, title="")                                       ImportSummary
send(node, seriesUIDs=(), files=())                                            SendSummary
============================================================================ ==========================================

============================================================================ ==========================================
call that returns at once                                                      value
============================================================================ ==========================================
wait(job, progress=None)                                                       the job's value, window alive
load(seriesUIDs, references=None, progress=None)                               LoadReport(nodeIDs, messages, failures)
                                                                               references: True, False, or ask(list)->bool
isInDatabase(resource)                                                         bool, by the database's own index
databaseProblem()                                                              None or DatabaseUnavailable (.offer is
                                                                               "open", "choose-folder" or "update")
imports                                                                        tuple of the session's import jobs
unfinishedImports()                                                            tuple of UnfinishedImport(uid, node,
                                                                               resources, title), of earlier sessions
resumeImport(unfinished) / forgetImport(unfinished)                            import Job / None
stop()                                                                         ends the worker process (quit does it too)
============================================================================ ==========================================

Signals of the logic (``signal.connect(f)``, ``signal.disconnect(f)``): ``nodesChanged()``,
``authenticationChanged()``, ``jobStarted(job)``, ``workerEnded(error)``.

A Job has ``name``, ``state`` (JobState: WAITING, RUNNING, PAUSED, DONE, FAILED, CANCELLED), ``isOver``, ``value``,
``error``; ``cancel()``, ``pause()``, ``resume()``, ``prioritise(resource="")``; and the signals ``changed(job)`` (state),
``found(list)`` (rows, checks ... in batches as they come), ``progressed(progress)``, ``warned(text)``,
``finished(job)``. A sign-in job has ``prompted(prompt)`` too: url, user_code, short_url.

An import job has besides: ``node``, ``resources``, ``title``, ``series`` (series UID -> SeriesProgress),
``seriesChanged(list of SeriesProgress)``, at most ten times a second. SeriesProgress is a frozen value: study, series,
expected (None: unknown), received, indexed, failed, bytes, bytesPerSecond, state ("waiting", "retrieving", "indexing",
"done", "incomplete"), reason. ``progressed`` carries ImportProgress: expected, received, indexed, bytes,
bytesPerSecond, secondsLeft (None: unknown). To steer series one by one, start one import for each.

ImportSummary: ``complete``, ``cancelled``, ``imported``, ``alreadyThere``, ``failures`` (tuple of
ImportFailure(resource, reason, instances)), ``missing``, ``seriesUIDs``, ``bytes``, ``seconds``. It never raises for
single instances. SendSummary: ``complete``, ``counts`` (by outcome), ``failures`` (tuple of dicts as StoreOutcome).
"""
