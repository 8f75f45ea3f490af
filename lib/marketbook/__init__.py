"""Marketbook: a marketing department's planning and research workspace.

`kit` is what every domain stands on; `survey`, `segmentation`, `budget` and `campaign` hold the methods, frames in and
result out; `app` runs the notebooks and publishes their reports; `demo` is the invented company they run on.
"""
