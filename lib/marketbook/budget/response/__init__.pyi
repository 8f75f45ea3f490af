from .geos import GeoModel as GeoModel
from .geos import fit_geos as fit_geos
from .holidays import with_holidays as with_holidays
from .model import ResponseModel as ResponseModel
from .model import fit_response as fit_response
from .priors import Priors as Priors
from .specification import ModelSettings as ModelSettings
