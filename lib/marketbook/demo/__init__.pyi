from .build import ensure as ensure
from .build import make as make
from .truth import Truth as Truth
