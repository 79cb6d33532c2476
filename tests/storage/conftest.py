"""The keepers, each in a place where it can be closed and opened again, and where a page can be damaged."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from storage.atomic_file import Folder
from storage.data_folder import mark_in
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from storage.keys import KeyFolder
from storage.leader_file import LeaderFile
from storage.master_keys import KeySource, beside


class Memory:
    """Pages in a dictionary that outlives its keeper."""

    def __init__(self, folder):
        self._pages = {}

    def open(self):
        return InMemoryKeeper(self._pages)

    def damage(self, leader):
        self._pages[leader] = self._pages[leader][:-1]

    def content(self, leader):
        return self._pages[leader]


class Tiny:
    """Pages in a data folder."""

    def __init__(self, folder):
        self.folder = folder
        self._keeper = None

    def open(self):
        self._keeper = TinyDbKeeper(self.folder)
        return self._keeper

    @property
    def keys(self):
        return beside(self.folder)

    def open_keys(self):
        keys = KeyFolder(KeySource(self.keys))
        keys.open(mark_in(self.folder).keys)
        return keys

    def opened(self, leader):
        """The page of *leader* as it is on disk, whoever has the folder open."""
        keys = self.open_keys()
        return LeaderFile(Folder(self.folder / "leaders"), keys, keys.name_of(leader), expected=True)

    def file(self, leader):
        return self.folder / "leaders" / f"{self.open_keys().name_of(leader)}.page"

    def parts(self, leader):
        return sorted(self.file(leader).parent.glob(f"{self.file(leader).stem}.*.part"))

    def tail(self, leader):
        [tail] = self.file(leader).parent.glob(f"{self.file(leader).stem}.*.tail")
        return tail

    def damage(self, leader):
        self.file(leader).write_bytes(self.content(leader)[:-1])

    def content(self, leader):
        return self.file(leader).read_bytes()


@pytest.fixture(params=[Memory, Tiny], ids=["in_memory", "in_tinydb"])
def place(request, tmp_path):
    return request.param(tmp_path / "data")


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "data")


class SmallDisk:
    """A real file system of 256 KiB. Who is killed leaves it mounted; the next test takes it away."""

    def __init__(self, folder):
        self.folder = folder

    def make_read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)


def take_away_disks_of_the_dead():
    for line in Path("/proc/mounts").read_text().splitlines() if Path("/proc/mounts").exists() else ():
        folder = Path(line.split()[1])
        owner = re.fullmatch(r"mindshift-disk-(\d+)-.*", folder.name)
        if owner and not Path("/proc", owner[1]).exists():
            subprocess.run(["umount", "--lazy", folder], check=True)
            folder.rmdir()


@pytest.fixture
def small_disk():
    take_away_disks_of_the_dead()
    # Not in a folder of pytest, which could not clear it away after a test run that was killed.
    folder = Path(tempfile.mkdtemp(prefix=f"mindshift-disk-{os.getpid()}-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        folder.rmdir()
        pytest.skip("no right to mount a file system here; the limit on file size in test_crashes.py stands in")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()
