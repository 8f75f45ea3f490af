"""Forms: what a pydantic model asks, as fields; their values in an address; and the form as HTML, without a script.

refusals = refused(AnalyseSurvey, query)
page = form(AnalyseSurvey, query, refusals=refusals, action="/reports/survey/analyse-survey")
"""

from marketbook.kit.forms.address import canonical, decode, encode
from marketbook.kit.forms.fields import UNSET, Choice, FormField, Kind, Limits, fields
from marketbook.kit.forms.html import form, style
from marketbook.kit.forms.refusal import refused

__all__ = [
    "UNSET",
    "Choice",
    "FormField",
    "Kind",
    "Limits",
    "canonical",
    "decode",
    "encode",
    "fields",
    "form",
    "refused",
    "style",
]
