"""A disk that is full or read-only, and seeds that change under the build, are told in words."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import DanisError
from tests.faults import build_words, opened, run, state_of, wanted_state, write_seeds


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few hundred kilobytes; skipped where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root mounts a file system; the file size limit is tested instead")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(disk)], check=True)


def try_to_build(seeds: Path, folder: Path, file_bytes: int = -1) -> str:
    """Builds, with files of at most so many bytes; "" or the error in words."""
    if file_bytes >= 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))
    try:
        build_words(seeds, folder)
    except DanisError as error:
        return error.english
    return ""


def used(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_no_place_for_a_file_is_told_and_the_old_state_stays(tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_seeds(seeds, 5, 1)
    run(build_words, seeds, folder)
    old, before = wanted_state(seeds), used(folder)
    write_seeds(seeds / "yeni", 20, 2)
    for file_bytes in (0, 50, 200, 1_000, 3_000, 8_000, 20_000, 40_000):
        problem = run(try_to_build, seeds, folder, file_bytes)
        assert "cannot be written" in problem and str(folder) in problem, (file_bytes, problem)
        assert run(opened, folder) == (old, False, "")
        assert used(folder) - used(folder / "journal") < before + 1_000, "leftovers"
    assert run(try_to_build, seeds, folder) == ""
    assert run(state_of, folder) == (wanted_state(seeds), False)


def test_full_disk_is_told_and_the_old_state_stays(small_disk: Path, tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", small_disk / "index"
    write_seeds(seeds, 5, 1)
    run(build_words, seeds, folder)
    old = wanted_state(seeds)
    write_seeds(seeds / "yeni", 40, 2)
    taken = int(subprocess.run(["du", "-sk", small_disk], capture_output=True).stdout.split()[0])
    failed = 0
    for more in (4, 8, 16, 32, 64, 100, 150, 200, 250, 300, 350, 400):
        resize(small_disk, f"size={taken + more}k")
        problem = run(try_to_build, seeds, folder)
        if not problem:
            break
        failed += 1
        assert "No space left" in problem or "cannot be written" in problem, (more, problem)
        assert run(opened, folder) == (old, False, "")
    assert failed >= 3
    resize(small_disk, "size=8m")
    assert run(try_to_build, seeds, folder) == ""
    assert run(state_of, folder) == (wanted_state(seeds), False)


def test_read_only_disk_is_told_and_still_answers(small_disk: Path, tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", small_disk / "index"
    write_seeds(seeds, 3, 1)
    run(build_words, seeds, folder)
    old = wanted_state(seeds)
    write_seeds(seeds, 4, 2)
    resize(small_disk, "ro")
    assert "Read-only file system" in run(try_to_build, seeds, folder)
    assert run(opened, folder) == (old, False, "")


def test_seeds_that_change_vanish_and_grow_while_read_are_whole_or_left_out(
    tmp_path: Path,
) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_seeds(seeds, 60, 1)
    texts = {path.name: path.read_text(encoding="utf-8") for path in seeds.iterdir()}
    done = threading.Event()

    def stir() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            for number, path in enumerate(sorted(seeds.iterdir())):
                match (number + turn) % 4:
                    case 0:
                        path.unlink()
                        path.write_text(texts[path.name], encoding="utf-8")
                    case 1:
                        with open(path, "a", encoding="utf-8") as file:
                            file.write(f"\n\nEk {turn}.")
                    case 2:
                        os.truncate(path, path.stat().st_size // 2)
                    case _:
                        path.write_text(texts[path.name], encoding="utf-8")

    stirring = threading.Thread(target=stir)
    stirring.start()
    try:
        for _ in range(4):
            assert run(try_to_build, seeds, folder) == ""
    finally:
        done.set()
        stirring.join()
    for path in seeds.iterdir():
        path.write_text(texts[path.name], encoding="utf-8")
    assert run(try_to_build, seeds, folder) == ""
    assert run(state_of, folder) == (wanted_state(seeds), False)


def test_seeds_folder_that_vanishes_is_told_and_the_index_stays(tmp_path: Path) -> None:
    seeds, folder = tmp_path / "seeds", tmp_path / "index"
    write_seeds(seeds, 3, 1)
    run(build_words, seeds, folder)
    old = wanted_state(seeds)
    shutil.rmtree(seeds)
    assert str(seeds) in run(try_to_build, seeds, folder)
    assert run(opened, folder) == (old, False, "")
