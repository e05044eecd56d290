"""What a person sees: widgets that show the state of a DICOMWebNodesLogic and pass on what is wanted.

No network, no waiting, no rule of their own. The module's widget needs one of them::

    from DICOMWebNodesUI.module_panel import ModulePanel

    self.panel = ModulePanel(logic)       # in setup()
    self.layout.addWidget(self.panel)
    self.panel.enter()                    # in enter()
    self.panel.exit()                     # in exit()
    self.panel.cleanup()                  # in cleanup(): lets go of the logic's signals

Written for PythonQt: a property is an attribute (``button.enabled``), lists are tuples, and texts that come from
a server are shown as plain text.
"""
