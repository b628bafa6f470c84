"""Passwords are named, read when needed, and shown nowhere."""

import pickle

import pytest

from wingmate import Secret, redact
from wingmate.errors import ConfigError


def test_a_secret_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("ANN_PASSWORD", "s3cret-one")
    assert Secret("env:ANN_PASSWORD").reveal() == "s3cret-one"


def test_a_secret_comes_from_the_first_line_of_a_file(tmp_path):
    path = tmp_path / "password"
    path.write_text("s3cret-two\nand a comment\n")
    assert Secret(f"file:{path}").reveal() == "s3cret-two"


def test_what_was_revealed_is_blotted_out():
    secret = Secret("text:s3cret-three")
    assert "s3cret-three" not in repr(secret)
    secret.reveal()
    assert redact("login ann s3cret-three ok") == "login ann ******** ok"


def test_a_secret_travels_as_a_reference():
    secret = Secret("env:NOWHERE")
    assert pickle.loads(pickle.dumps(secret)) == secret
    assert repr(secret) == "Secret(env:NOWHERE)"


@pytest.mark.parametrize("reference", ["hunter2", "env:", "vault:x", "", "file:"])
def test_a_bad_reference_is_refused_without_showing_it(reference):
    with pytest.raises(ConfigError, match="env:NAME") as caught:
        Secret(reference)
    assert "hunter2" not in str(caught.value)


def test_a_missing_secret_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(ConfigError, match="NOWHERE"):
        Secret("env:NOWHERE").reveal()
    with pytest.raises(ConfigError, match="nothing-here"):
        Secret(f"file:{tmp_path}/nothing-here").reveal()
    (tmp_path / "empty").write_text("")
    with pytest.raises(ConfigError, match="empty"):
        Secret(f"file:{tmp_path}/empty").reveal()


@pytest.mark.parametrize("name", ["~nosuchuser/secret", "a\0b", "."])
def test_a_file_that_cannot_be_one_is_a_mistake_of_the_configuration(name):
    with pytest.raises(ConfigError):
        Secret(f"file:{name}").reveal()
