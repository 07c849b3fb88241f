"""Write the next migration from the tables: `python -m db.migrations "Referrals have a county"`.

`--first` throws all steps away and writes one from nothing: only as long as none has landed.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from db import engines
from db.migrations import FOLDER, _config, upgrade


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m db.migrations", description=__doc__)
    parser.add_argument("title")
    parser.add_argument("--first", action="store_true")
    asked = parser.parse_args()
    versions = FOLDER / "versions"
    if asked.first:
        for old in versions.glob("*.py"):
            old.unlink()
    write(asked.title, f"{len(list(versions.glob('*.py'))) + 1:04d}")


def write(title: str, number: str) -> Path:
    """Compare the tables with a database at the newest step and write what differs."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.engine(f"sqlite:///{folder}/newest.db")
        upgrade(engine)
        with engine.connect() as connection:
            config = _config()
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["connection"] = connection
            script = command.revision(config, title, autogenerate=True, rev_id=number)
        engine.dispose()
    if script is None or isinstance(script, list):
        raise RuntimeError("no migration was written")
    path = Path(script.path)
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix", "--quiet", str(path)], check=False)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=False)
    return path


if __name__ == "__main__":
    main()
