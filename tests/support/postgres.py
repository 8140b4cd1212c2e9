"""A PostgreSQL of our own on loopback, for one test run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

from run.dovecot import free_port
from run.parts import find_postgres, library_path

FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


class PostgresServer:
    """`database()` makes a fresh, empty database and gives its URL."""

    def __init__(self) -> None:
        binaries = find_postgres()
        assert binaries, "PostgreSQL is not here; `make parts-test` fetches it"
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="saksgang-pg-", dir="/tmp"))
        self._user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        if self._user:
            shutil.chown(self._folder, self._user)
        self._port = free_port()
        self._numbers = count(1)

    def start(self) -> PostgresServer:
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "saksgang", "-E", "UTF8", "--no-sync")
        options = f"{FAST} -k {self._folder} -p {self._port} -h 127.0.0.1"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", options, "-l", str(self._folder / "log"), "start")
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _url(self, database: str) -> str:
        return f"postgresql://saksgang@127.0.0.1:{self._port}/{database}"

    def _run(self, program: str, *words: str) -> None:
        environment = {**os.environ, **library_path()}
        subprocess.run(
            [self._binaries / program, *words],
            check=True,
            user=self._user,
            cwd="/tmp",
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
