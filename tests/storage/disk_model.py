"""
A disk on paper: what a program did to files, step by step, and every state a crash could have left behind.

After a kill all that was done stands, and the step that was under way stands in part. After a power cut, of what was
not flushed any part may stand: a name or not, a file whole, as it was, cut at a block, or empty of meaning (zeros). Of
what was added to a file that was flushed before, that is so for each sector, and what was before it stays.
Names are flushed by flushing their folder, content by flushing the file.
"""

# ruff: noqa: PTH102, PTH105, PTH108, PTH110, PTH123, SIM115 - this stands in for os and open

import os
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

BLOCK, SECTOR = 4096, 512
EVERY_SUBSET_UP_TO = 4


class Recorder:
    """Stands in for `os` in `storage/disk.py`: does what is asked, except waiting for the disk, and remembers it."""

    def __init__(self, root):
        self._root = root
        self.steps = []
        self._opened = {}

    def __getattr__(self, name):
        return getattr(os, name)

    def name(self, path):
        return str(Path(path).relative_to(self._root))

    def open(self, path, flags, mode=0o777):
        new = flags & os.O_TRUNC or not os.path.exists(path)
        descriptor = os.open(path, flags, mode)
        self._opened[descriptor] = [self.name(path), os.fstat(descriptor).st_size if flags & os.O_APPEND else 0]
        if flags & os.O_CREAT and new:
            self.steps.append(("create", self.name(path)))
        return descriptor

    def write(self, descriptor, content):
        name, offset = self._opened[descriptor]
        written = os.write(descriptor, content)
        self.steps.append(("write", name, offset, bytes(content[:written])))
        self._opened[descriptor][1] += written
        return written

    def fsync(self, descriptor):
        self.steps.append(("flush", self._opened[descriptor][0]))

    def close(self, descriptor):
        del self._opened[descriptor]
        os.close(descriptor)

    def replace(self, path, target):
        os.replace(path, target)
        self.steps.append(("rename", self.name(path), self.name(target)))

    def unlink(self, path):
        os.unlink(path)
        self.steps.append(("unlink", self.name(path)))

    def mkdir(self, path, mode):
        os.mkdir(path, mode)
        self.steps.append(("mkdir", self.name(path)))


class RecordedFile:
    """A text file of TinyDB's own storage, whose steps are remembered too."""

    def __init__(self, recorder, path, mode, **more):
        self._recorder, self._name = recorder, recorder.name(path)
        if not os.path.exists(path):
            recorder.steps.append(("create", self._name))
        self._file = open(path, mode, newline="", **more)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, text):
        self._recorder.steps.append(("write", self._name, self._file.tell(), text.encode()))
        return self._file.write(text)

    def truncate(self):
        self._recorder.steps.append(("truncate", self._name, self._file.tell()))
        return self._file.truncate()

    def flushed(self):
        self._recorder.steps.append(("flush", self._name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()


@dataclass
class Content:
    """What is in one file: as the program sees it, and as the disk confirmed it."""

    now: bytes = b""
    flushed: bytes = b""

    def variants(self):
        """What a power cut may leave of it."""
        if self.now == self.flushed:
            return [self.now]
        if self.flushed and self.now.startswith(self.flushed):
            return list(dict.fromkeys(self._after_adding()))
        cut = len(self.now) // 2 // BLOCK * BLOCK
        zeros = bytes(len(self.now))
        return list(
            dict.fromkeys([self.now, self.flushed, b"", self.now[:cut] + zeros[cut:], zeros[:cut] + self.now[cut:]])
        )

    def _after_adding(self):
        """What was flushed stays; of what was added behind it any sectors may be written, also when it is all cut off."""
        start, size = len(self.flushed), len(self.now)
        edges = [at for at in range(SECTOR, size, SECTOR) if at > start]
        gaps = self.flushed.ljust(size, b"\0")
        yield from (self.now, self.flushed, gaps)
        for at in {*edges[:1], *edges[len(edges) // 2 :][:1], *edges[-1:]}:
            yield self.now[:at]
            yield self.now[:at] + gaps[at:]
            yield gaps[:at] + self.now[at:]


@dataclass
class Disk:
    """Files and names: *now* as the program sees them, *flushed* as the disk confirmed them, *pending* in between."""

    now: dict = field(default_factory=dict)
    flushed: dict = field(default_factory=dict)
    pending: list = field(default_factory=list)

    def take(self, step):
        kind, name, *rest = step
        if kind == "create":
            if name in self.now:
                self.now[name].now = b""
            else:
                self._change(("set", name, Content()))
        elif kind == "mkdir":
            self._change(("set", name, None))
        elif kind == "write":
            self.now[name].now = overwritten(self.now[name].now, *rest)
        elif kind == "truncate":
            self.now[name].now = self.now[name].now[: rest[0]]
        elif kind == "rename":
            self._change(("rename", name, rest[0]))
        elif kind == "unlink":
            self._change(("drop", name, None))
        elif self.now.get(name) is not None:
            self.now[name].flushed = self.now[name].now
        else:
            for change in [change for change in self.pending if str(Path(change[1]).parent) == name]:
                apply(self.flushed, change)
                self.pending.remove(change)

    def _change(self, change):
        apply(self.now, change)
        self.pending.append(change)

    def after_a_kill(self, step=None):
        """The files as the program saw them; with part of *step*, when that writes, for each block it can stop at."""
        if step is None or step[0] != "write":
            yield self._files(self.now)
            return
        _, name, offset, content = step
        for length in {*range(0, len(content), BLOCK), 1, len(content) // 2, len(content) - 1}:
            files = self._files(self.now)
            files[name] = overwritten(files[name], offset, content[:length])
            yield files

    def after_a_power_cut(self):
        """Every way in which names and content that were not flushed may have reached the disk."""
        for kept in subsets(len(self.pending)):
            names = dict(self.flushed)
            for place in kept:
                apply(names, self.pending[place])
            unsure = [name for name, content in names.items() if content and content.now != content.flushed]
            whole = self._files(names, flushed=True)
            yield whole
            for name in unsure:
                for variant in names[name].variants():
                    yield {**whole, name: variant}

    def _files(self, names, *, flushed=False):
        return {
            name: None if content is None else content.flushed if flushed else content.now
            for name, content in names.items()
        }


def apply(names, change):
    kind, name, value = change
    if kind == "set":
        names[name] = value
    elif kind == "drop":
        names.pop(name, None)
    elif name in names:
        names[value] = names.pop(name)


def overwritten(content, offset, part):
    return content[:offset].ljust(offset, b"\0") + part + content[offset + len(part) :]


def subsets(count):
    """Which of *count* pending changes reached the disk: every choice while there are few, else the likeliest."""
    if count <= EVERY_SUBSET_UP_TO:
        return [kept for size in range(count + 1) for kept in combinations(range(count), size)]
    everything = range(count)
    some = [tuple(range(size)) for size in range(count + 1)]
    some += [tuple(place for place in everything if place != left) for left in everything]
    return some + [(place,) for place in everything]


def states(steps):
    """Yield (how many steps were taken, the files) for every different state that a crash during *steps* can leave."""
    disk, seen = Disk(), set()
    for taken in range(len(steps) + 1):
        crashes = [disk.after_a_kill(), disk.after_a_power_cut()]
        if taken < len(steps):
            crashes.append(disk.after_a_kill(steps[taken]))
        for files in (files for crash in crashes for files in crash):
            mark = hash(
                (taken, tuple(sorted((name, content) for name, content in files.items() if content is not None)))
            )
            if mark not in seen:
                seen.add(mark)
                yield taken, files
        if taken < len(steps):
            disk.take(steps[taken])


def put(files, root):
    """Make *files* real under *root*; a file without its folder is lost."""
    for name, content in sorted(files.items()):
        path = root / name
        if content is None:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif path.parent.is_dir():
            path.write_bytes(content)
            path.chmod(0o600)
