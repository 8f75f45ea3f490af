"""The app server: every report and screen as a page in the browser, behind a sign-in.

A subclass of the stand-alone Voilà application (whose browsers can run no code of their own) with our own sign-in,
access, kernels and pages. `routes` says which address is answered by which handler.
"""
