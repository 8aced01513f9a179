"""What pyproject.toml can't say: `corpus/` is installed with the package, as `guide/corpus/`."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCorpus(build_py):
    """Copies these files into a build of the package; an editable install reads them where they are."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for article, installed in self._articles().items():
                self.mkpath(str(Path(installed).parent))
                self.copy_file(article, installed)

    def get_output_mapping(self) -> dict[str, str]:
        return super().get_output_mapping() | {installed: article for article, installed in self._articles().items()}

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *self._articles().values()]

    def _articles(self) -> dict[str, str]:
        """Each article of the project, and each file of questions, with the place where it is installed."""
        folder = Path(self.build_lib, "guide", "corpus")
        kinds = ("*.md", "*.questions.jsonl")
        paths = sorted(path for kind in kinds for path in Path("corpus").glob(kind))
        return {str(path): str(folder / path.name) for path in paths}


setup(cmdclass={"build_py": BuildWithCorpus})
