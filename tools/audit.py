"""Asks pip-audit about the pinned versions; a service that cannot be reached is no failure.

python tools/audit.py constraints.txt
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ANSWER_SECONDS = 5  # for each request
MOST_SECONDS = 60


def known_vulnerabilities(requirements: Path) -> list[str]:
    """One line for each known vulnerability of these pinned versions.

    Raises:
        ConnectionError: nobody could be asked.
    """
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements)]
    command += ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    try:
        run = subprocess.run(
            [*command, "--timeout", str(ANSWER_SECONDS)],
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
        )
        audited = json.loads(run.stdout)["dependencies"]
    except (ValueError, subprocess.TimeoutExpired) as error:
        raise ConnectionError(str(error)) from error
    return [
        f"{package['name']} {package['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for package in audited
        for found in package.get("vulns", ())
    ]


def main(requirements: str) -> int:
    """Prints what is known; 1 where anything is."""
    try:
        found = known_vulnerabilities(Path(requirements))
    except ConnectionError:
        print("dependency audit left out: its service cannot be reached", file=sys.stderr)
        return 0
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
