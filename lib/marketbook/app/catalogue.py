"""The catalogue: which reports there are, from the notebooks' metadata and the params files, and which datasets.

A notebook is a report when its metadata has `marketbook`, or a screen where that says `"kind": "screen"`; others in the
same folder are a specialist's own affair.
"""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import marketbook
from marketbook.app import params_file
from marketbook.app.params_file import ParamsFile
from marketbook.kit.config import settings
from marketbook.kit.errors import ParamsError, RunError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import translate_markdown
from marketbook.kit.suggestion import instead

if TYPE_CHECKING:
    from marketbook.kit.facts import Dataset
    from marketbook.kit.params import Params


@dataclass(frozen=True)
class Report:
    """A report: a notebook and, where it has one, a params file.

    Attributes:
        notebook: The notebook's path under notebooks/ without its ending: `survey/analyse-survey`.
        variant: What the params file is called beyond the notebook's name; mostly empty.
        file: The notebook.
        params: What the params file says.
        params_path: The params file, or None.
        chapter: The chapter it belongs to.
        roles: Who may see it.
        source: The notebook as it was read.
    """

    notebook: str
    variant: str
    file: Path
    params: ParamsFile
    params_path: Path | None
    chapter: str
    roles: tuple[str, ...]
    source: Mapping[str, Any] = field(repr=False, hash=False, compare=False)

    @property
    def name(self) -> str:
        """How it is asked for: `survey/analyse-survey`, or `survey/analyse-survey.monthly`."""
        return f"{self.notebook}.{self.variant}" if self.variant else self.notebook

    @property
    def title(self) -> str:
        """The notebook's first heading, in the current language."""
        for cell in self.source["cells"]:
            markdown = translate_markdown("".join(cell["source"])) if cell["cell_type"] == "markdown" else ""
            if heading := re.search(r"^# +(.+)$", markdown, re.MULTILINE):
                return heading.group(1).strip()
        return self.name

    @property
    def outputs(self) -> Path:
        """Where its runs are published."""
        return settings().outputs / self.name

    def schema(self) -> "type[Params]":
        """Return the class that checks its parameters.

        Raises:
            RunError: The class is not where the notebook's name says.
        """
        return params_class(self.notebook)


def reports() -> list[Report]:
    """Return all reports, sorted by name: one for each params file, and one for each notebook without any.

    Raises:
        RunError: A notebook cannot be read.
        ParamsError: A params file is wrong or belongs to no notebook; all faults at once.
    """
    notebooks = _ours(screens=False)
    files = _params_files(notebooks)
    made = [
        _report(name, file, source, variant, path, params)
        for name, (file, source) in notebooks.items()
        for variant, path, params in files.get(name, [("", None, ParamsFile())])
    ]
    return sorted(made, key=lambda report: report.name)


def screens() -> list[Report]:
    """Return all screens, sorted by name: notebooks whose widgets people work with, and which are never scheduled.

    Raises:
        RunError: A notebook cannot be read.
    """
    notebooks = _ours(screens=True)
    return [_report(name, file, source, "", None, ParamsFile()) for name, (file, source) in sorted(notebooks.items())]


def find(names: Iterable[str], among: list[Report] | None = None) -> list[Report]:
    """Return the reports of these names; a notebook's name stands for its variants where it has nothing but variants.

    Args:
        names: `survey/analyse-survey`, `analyse-survey`, `survey/analyse-survey.monthly` or the notebook's path.
        among: The reports; all of them by default.

    Raises:
        RunError: There is no such report; the message suggests one.
    """
    known = reports() if among is None else among
    chosen = [report for name in names for report in _matching(name, known)]
    return list({report.name: report for report in chosen}.values())


def params_class(notebook: str) -> "type[Params]":
    """Return the class of a notebook's parameters: `survey/analyse-survey` has `survey.params.AnalyseSurvey`.

    Raises:
        RunError: There is no such class.
    """
    domain, _slash, name = notebook.rpartition("/")
    module = f"marketbook.{(domain or 'demo').replace('/', '.')}.params"
    capitals = "".join(part.capitalize() for part in re.split(r"[-_]", name))
    try:
        found: type[Params] = getattr(importlib.import_module(module), capitals)
    except ModuleNotFoundError as error:
        if not module.startswith(error.name or "?"):
            raise
        raise RunError(_no_class(notebook, module, capitals)) from None
    except AttributeError:
        raise RunError(_no_class(notebook, module, capitals)) from None
    return found


def datasets() -> "dict[str, Dataset]":
    """Return every declared dataset by name."""
    from marketbook.kit.facts import LABELS  # slow to import

    return {dataset.name: dataset for dataset in (*_declared(), LABELS)}


def with_views() -> "dict[str, Dataset]":
    """Return every declared dataset by name, and the views of the records, which nobody imports."""
    from marketbook.kit.facts import view  # slow to import

    return {**datasets(), **view.everything()}


def dataset(name: str) -> "Dataset":
    """Return a dataset by name.

    Raises:
        ParamsError: There is no such dataset; the message suggests one.
    """
    known = datasets()
    if name not in known:
        raise ParamsError(_("Dataset '{name}' is not known.").format(name=name) + f" {instead(name, known)}")
    return known[name]


def _has_data(domain: str) -> bool:
    return (Path(marketbook.__path__[0]) / domain / "data.py").exists()


def _declared() -> "list[Dataset]":
    domains = [module.name for module in pkgutil.iter_modules(marketbook.__path__) if module.ispkg]
    modules = [importlib.import_module(f"marketbook.{domain}.data") for domain in domains if _has_data(domain)]
    return [dataset for module in modules for dataset in module.DATASETS]


def _no_class(notebook: str, module: str, capitals: str) -> str:
    return _(
        "{notebook}: its parameters have no class {module}.{name}; write one, see notebooks/template.ipynb."
    ).format(notebook=notebook, module=module, name=capitals)


def _matching(name: str, known: list[Report]) -> list[Report]:
    asked = name.removeprefix("./").removeprefix("notebooks/").removesuffix(".ipynb")
    for forms in (lambda r: (r.name,), lambda r: (r.notebook,), lambda r: (Path(r.name).name, Path(r.notebook).name)):
        if found := [report for report in known if asked in forms(report)]:
            return found
    raise RunError(_("Report '{name}' is not known.").format(name=name) + f" {instead(asked, [r.name for r in known])}")


def _found(folder: Path, pattern: str) -> Iterator[Path]:
    for file in sorted(folder.rglob(pattern)):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            yield file


def _ours(*, screens: bool) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Read the notebooks that have our metadata, by name."""
    read = {_name(file, settings().notebooks): (file, _read(file)) for file in _found(settings().notebooks, "*.ipynb")}
    return {
        name: (file, source)
        for name, (file, source) in read.items()
        if "marketbook" in source["metadata"] and (source["metadata"]["marketbook"].get("kind") == "screen") == screens
    }


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()


def _read(file: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(file.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RunError(_("{file}: not a notebook: {problem}").format(file=file, problem=error)) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise RunError(_("{file}: not a notebook: {problem}").format(file=file, problem=_("it has no cells")))
    return {"metadata": {}, **notebook}


def _params_files(notebooks: Iterable[str]) -> dict[str, list[tuple[str, Path | None, ParamsFile]]]:
    """Read every params file; faults are gathered, so that one run shows them all."""
    found: dict[str, list[tuple[str, Path | None, ParamsFile]]] = {}
    faults: list[str] = []
    for file in _found(settings().params, "*.y*ml"):
        folder, _slash, base = _name(file, settings().params).rpartition("/")
        stem, _dot, variant = base.partition(".")
        notebook = f"{folder}/{stem}" if folder else stem
        try:
            _must_have(notebook, notebooks, file)
            found.setdefault(notebook, []).append((variant, file, params_file.read(file)))
        except ParamsError as error:
            faults.append(str(error))
    if faults:
        raise ParamsError("\n".join(faults))
    return found


def _must_have(notebook: str, notebooks: Iterable[str], file: Path) -> None:
    if notebook not in notebooks:
        raise ParamsError(
            _("{file}: there is no report '{name}' in notebooks/.").format(file=file, name=notebook)
            + f" {instead(notebook, notebooks)}"
        )


def _report(
    name: str, file: Path, source: Mapping[str, Any], variant: str, path: Path | None, params: ParamsFile
) -> Report:
    about = source["metadata"]["marketbook"]
    return Report(
        notebook=name,
        variant=variant,
        file=file,
        params=params,
        params_path=path,
        chapter=about.get("chapter", name.partition("/")[0]),
        roles=tuple(about.get("roles", ())),
        source=source,
    )
