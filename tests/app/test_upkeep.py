"""The commands for the upkeep of a store, as an operator types them."""

# ruff: noqa: F401, F811 - place is a fixture

import re
import shutil

import pytest

from tests.app.test_commands import place, run, talk

THOUGHT = "/gedachte Ik zie op tegen lesbezoek bij canary."
OTHER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SOME_KEY = "/" * 42 + "8="


@pytest.fixture
def store(place, tmp_path):
    """A store with one leader, who wrote something."""
    talk(place, "Nederlands", "akkoord", THOUGHT, "Bewaren")
    return tmp_path / "store"


def leaders(store):
    return sorted(path.name for path in (store / "leaders").iterdir())


def test_the_first_start_says_in_one_line_what_to_keep_a_copy_of(place, tmp_path):
    from app.settings import read  # noqa: PLC0415
    from app.upkeep import open_store  # noqa: PLC0415

    told = []
    open_store(read(), told.append)._shelf.close()
    (line,) = told
    assert line.startswith(f"Keys were made in {tmp_path / 'store-keys'}. Keep a copy of that folder, ")
    open_store(read(), told.append)._shelf.close()
    assert len(told) == 1


def test_every_page_is_found_well_without_a_word_of_it(place, store):
    code, shown, trouble = run(place, "verify")
    assert (code, trouble) == (0, "")
    assert re.fullmatch(r"[0-9a-f]{8} ok\n1 ok, 0 damaged, 0 sealed with unknown key\n", shown)


def test_a_damaged_page_is_reported_with_exit_code_1(place, store):
    (page,) = (store / "leaders").iterdir()
    page.write_bytes(page.read_bytes()[:-1])
    code, shown, _ = run(place, "verify", "--data", str(store))
    assert code == 1
    assert shown.endswith("0 ok, 1 damaged, 0 sealed with unknown key\n")


def test_a_backup_is_restored_on_an_empty_machine_and_the_conversation_goes_on(place, store, tmp_path):
    before = run(place, "export", "--format", "json")
    code, shown, trouble = run(place, "backup", str(tmp_path / "b.tar"))
    assert (code, shown) == (0, f"1 leaders are in {tmp_path / 'b.tar'}\n")
    assert trouble == "1 of 1 leaders\n"
    shutil.rmtree(store)
    assert run(place, "chat")[0] == 3
    code, shown, _ = run(place, "restore", str(tmp_path / "b.tar"))
    assert code == 0
    assert shown.startswith("1 leaders were restored into ")
    assert run(place, "export", "--format", "json") == before


def test_an_incomplete_backup_is_refused_with_the_code_of_a_store(place, store, tmp_path):
    run(place, "backup", str(tmp_path / "b.tar"))
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(whole[: len(whole) // 2])
    code, _, trouble = run(place, "restore", str(tmp_path / "b.tar"), "--data", str(tmp_path / "new"))
    assert code == 3
    assert len(trouble.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_a_backup_is_never_written_over_a_store_that_is_not_there(place, tmp_path):
    code, _, trouble = run(place, "backup", str(tmp_path / "b.tar"))
    assert (code, len(trouble.splitlines())) == (3, 1)
    assert not (tmp_path / "b.tar").exists()
    assert not (tmp_path / "store-keys").exists()


def test_after_rotating_the_old_master_key_opens_nothing(place, store, tmp_path):
    master = tmp_path / "store-keys" / "master.key"
    old = master.read_bytes()
    assert run(place, "keys", "rotate")[0] == 0
    assert run(place, "verify")[0] == 0
    master.write_bytes(old)
    code, _, trouble = run(place, "chat")
    assert (code, len(trouble.splitlines())) == (3, 1)
    assert "does not fit" in trouble


@pytest.mark.parametrize("command", [["chat"], ["verify"], ["keys", "rotate"], ["backup", "b.tar"]])
def test_a_missing_or_wrong_key_ends_with_one_line_and_the_code_of_a_store(place, store, tmp_path, command):
    before = leaders(store)
    keys = tmp_path / "store-keys"
    master = (keys / "master.key").read_bytes()
    (keys / "master.key").unlink()
    assert run(place, *command)[0] == 3
    (keys / "master.key").write_text(OTHER_KEY + "\n")
    (keys / "master.key").chmod(0o600)
    assert run(place, *command)[0] == 3
    keys.rename(tmp_path / "elsewhere")
    code, _, trouble = run(place, *command)
    assert (code, len(trouble.splitlines())) == (3, 1)
    assert not keys.exists()
    assert leaders(store) == before
    (tmp_path / "elsewhere").rename(keys)
    (keys / "master.key").write_bytes(master)
    assert run(place, "verify")[0] == 0


def test_the_master_key_may_come_from_the_environment_and_be_rotated_there(place, tmp_path):
    with place.context() as here:
        here.setenv("MINDSHIFT_MASTER_KEY", SOME_KEY)
        talk(place, "Nederlands", "akkoord", THOUGHT, "Bewaren")
    assert not (tmp_path / "store-keys" / "master.key").exists()
    assert run(place, "verify")[0] == 3
    assert run(place, "verify", MINDSHIFT_MASTER_KEY=OTHER_KEY)[0] == 3
    assert run(place, "keys", "rotate", MINDSHIFT_MASTER_KEY=f"{OTHER_KEY},{SOME_KEY}")[0] == 0
    assert run(place, "verify", MINDSHIFT_MASTER_KEY=OTHER_KEY)[0] == 0
    assert run(place, "verify", MINDSHIFT_MASTER_KEY=SOME_KEY)[0] == 3


def test_the_keys_may_not_be_in_the_data_folder(place, tmp_path):
    for keys in (tmp_path / "store", tmp_path / "store" / "keys", tmp_path):
        code, _, trouble = run(place, "chat", MINDSHIFT_KEYS=str(keys))
        assert code == 3
        assert "apart from the data folder" in trouble
    assert not (tmp_path / "store").exists()
