"""What touches Slicer: the worker process, the DICOM database, the scene. Start with :mod:`.logic`.

Everything here runs in the main thread, in slices that are short enough for a window to stay alive. Names are in
Slicer's style, because Slicer's people call them.
"""
