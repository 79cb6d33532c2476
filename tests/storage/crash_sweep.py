"""Every state of a disk that a stop may leave, of a store that lived for a while: recorded, opened and looked at."""

import asyncio
import random
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage import disk
from storage.master_keys import KeySource
from tests.storage.disk_model import Recorder, put, states


@contextmanager
def memory_folder():
    """A folder on a file system in memory, where there is one: thousands of states are put there."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def source(root):
    return KeySource(root / "data-keys")


@dataclass
class Life:
    """
    What was done, and what was acknowledged: pages after each act, how many steps had been taken by then, and whose page
    is promised to be on the disk by then (that a letter arrived may reach it with what that leader does next).
    """

    pages: list
    steps: list = field(default_factory=list)
    acknowledged: list = field(default_factory=list)
    promised: list = field(default_factory=list)

    def may_be(self, taken, whose):
        """The pages of *whose* that may stand after *taken* steps: from what is promised to the act under way."""
        done = sum(count <= taken for count in self.acknowledged)
        promised = max((place + 1 for place in range(done) if self.promised[place] == whose), default=0)
        return [pages[whose] for pages in self.pages[promised : done + 2]]


def lived(root, seed, monkeypatch, whose, begin, act, acts):
    """
    Record a life of *acts* acts.

    *begin* opens a store under *root*. *act* does one thing to it: it is given the store, the folder, a source of chance
    and the pages there are, and gives the store, the pages there should be now, and whose of these is promised.
    """
    recorder, life, chance = Recorder(root), Life([dict.fromkeys(whose)]), random.Random(seed)

    async def live():
        store = begin(root)
        for _ in range(acts):
            store, pages, promised = await act(store, root, chance, life.pages[-1])
            life.pages.append(pages)
            life.acknowledged.append(len(recorder.steps))
            life.promised.append(promised)
        await store.close()

    with monkeypatch.context() as here:
        here.setattr(disk, "os", recorder)
        life.steps = recorder.steps
        asyncio.run(live())
    return life


def recovered(life, chosen, fault_in, report=lambda done: None):
    """
    Recover every state that is *chosen*, and return how many there were, and how many went wrong in which way.

    *fault_in* opens what is under a folder after so many steps of a life, and says what is wrong with it, or None.
    """
    faults: dict[str, int] = {}
    count = 0
    with memory_folder() as memory:
        for place, (taken, files) in enumerate(states(life.steps)):
            if not chosen(place):
                continue
            root = memory / str(count)
            root.mkdir()
            put(files, root)
            fault = fault_in(root, life, taken)
            if fault:
                faults[fault] = faults.get(fault, 0) + 1
            shutil.rmtree(root)
            count += 1
            report(count)
    return count, faults


def every_nth_of(life, wanted):
    total = sum(1 for _ in states(life.steps))
    step = max(1, total // wanted)
    return lambda place: place % step == 0


def every_state_recovered(life, fault_in, title, capsys):
    """Recover every state there is, show how far it is, and return what `recovered` does."""

    def report(done):
        if done % 500 == 0:
            with capsys.disabled():
                print(f"{title}: {done} states recovered", flush=True)  # noqa: T201 - progress of a long test

    count, faults = recovered(life, lambda place: True, fault_in, report)
    with capsys.disabled():
        print(f"{title}: {count} states of {len(life.steps)} steps, faults: {faults}")  # noqa: T201
    return count, faults


def without(life, left_out):
    """The same life, had it left out the steps for which *left_out* is true."""
    out = [left_out(step) for step in life.steps]
    return Life(
        life.pages,
        [step for step, gone in zip(life.steps, out, strict=True) if not gone],
        [count - sum(out[:count]) for count in life.acknowledged],
        life.promised,
    )
