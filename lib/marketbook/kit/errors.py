"""The few errors a user meets. Each says what was found, where, and what is allowed."""


class MarketbookError(Exception):
    """Any error whose message is written for the user; shown without a traceback."""


class ConfigError(MarketbookError):
    """A setting in the environment or in config.toml cannot be used."""


class DataError(MarketbookError):
    """Data is missing or breaks its schema or a method's assumption."""


class ParamsError(MarketbookError):
    """A report's parameters are unknown, missing or of the wrong kind."""


class RunError(MarketbookError):
    """A notebook could not be found, run or published."""


class RecordError(MarketbookError):
    """A record cannot be kept or changed as asked."""


class AccessError(MarketbookError):
    """The person may not do what was asked."""
