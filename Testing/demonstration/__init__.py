"""The steps of ``Testing/demo.py`` that have nothing to do with DICOMweb: files -> volume -> picture."""
