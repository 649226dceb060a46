"""`wayhome serve`: brings the databases up to date and runs the application."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.home import make_master_key, opened_home, reached_at
from wayhome.cli.problems import Exit, Problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEMO_CASES, DEMO_SEED = 500, 1
DEMO_SLUG, DEMO_NAME = "invented-harbor", "Invented Harbor Clinic"


def add_to(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="With an invented caseload, in a home of its own.")
    ] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option("--host", help="Which address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option("--workers", min=1, max=64)] = 2,
    cases: Annotated[
        int, typer.Option("--cases", min=1, max=100_000, help="Of the demonstration.")
    ] = DEMO_CASES,
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in a browser once it answers.")
    ] = False,
) -> None:
    """Run the application. On this machine only, unless --host says else (then behind HTTPS)."""
    # Held from now on: what is printed is nobody else's, however long the making takes.
    listener = _listener(host, port, take_the_next=demo)
    port = listener.getsockname()[1]
    _choose_settings(demo, host)
    with opened_home(may_be_new=True):
        from django.db import connections

        _bring_up_to_date()
        make_master_key()
        if demo:
            _invent(cases)
            _tell_home()
        # The server's processes open connections of their own.
        connections.close_all()
    listening = f"http://{_in_address(host)}:{port}/"
    address = reached_at(listening)
    typer.echo(f"Wayhome is at {address}  (Ctrl-C ends it)", err=True)
    typer.echo(f"Open to everybody: {address}observatory/ and {address}letters/", err=True)
    if address != listening:
        typer.echo(f"It listens on {listening}, for a proxy; browsers are refused there.", err=True)
    _run(listener, workers, address if show else None)


def _listener(host: str, port: int, *, take_the_next: bool) -> socket.socket:
    """Listens on the port, or for a demonstration on the next free one. Raises Problem."""
    for one in range(port, min(port + 20, 65536) if take_the_next else port + 1):
        try:
            return socket.create_server((host, one), family=_family(host), backlog=2048)
        except OSError as error:
            reason = error.strerror or str(error)
    raise Problem(f"Nothing can listen on {host}, port {port} ({reason}): choose another --port.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _choose_settings(demo: bool, host: str) -> None:
    """The environment, before the settings are read."""
    if demo:
        os.environ["WAYHOME_DEMO"] = "1"
        os.environ.setdefault("WAYHOME_HOME", str(Path("demo-output") / "application"))
    is_private = host in LOOPBACK and os.environ.get("WAYHOME_PROXIES", "0") == "0"
    if is_private:
        # On this machine alone there is nobody in between.
        os.environ.setdefault("WAYHOME_HTTPS", "0")
    elif os.environ.get("WAYHOME_HTTPS") == "0" and not demo:
        raise Problem(
            "Without HTTPS, Wayhome listens on this machine only. Put a proxy with HTTPS before "
            "it and set WAYHOME_PROXIES=1 (see SECURITY.md).",
            Exit.USAGE,
        )
    if demo and not is_private:
        raise Problem("A demonstration is for this machine only: leave --host out.", Exit.USAGE)


def _bring_up_to_date() -> None:
    from django.core.management import call_command

    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", "protection", database="keyring", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _invent(cases: int) -> None:
    """The invented caseload, the first time. Raises Problem in an office's own home."""
    from django.conf import settings
    from django.utils import timezone

    from wayhome.cli.progress import bars
    from wayhome.web.accounts.models import Organization
    from wayhome.web.campaign.demonstration import letters_of_demonstration
    from wayhome.web.cases.invented import PASSWORD, invented_caseload, invented_staff

    made = Organization.objects.filter(slug=DEMO_SLUG).first()
    if made is None and Organization.objects.exists():
        raise Problem(
            f"The home {settings.HOME} is an office's own; invented people do not go into it. "
            "Unset WAYHOME_HOME, or name an empty folder.",
            Exit.USAGE,
        )
    if made is None:
        made = Organization.objects.create(name=DEMO_NAME, slug=DEMO_SLUG)
        invented_staff(made)
        with bars() as report:
            for done in invented_caseload(made, cases, DEMO_SEED, timezone.now()):
                report("inventing cases", done, cases)
    letters_of_demonstration(made, timezone.now())
    typer.echo(f"Everybody here is INVENTED. Sign in with the password {PASSWORD!r} as:")
    for member in made.memberships.select_related("user").order_by("role", "user__email"):
        typer.echo(f"  {member.get_role_display():<40} {member.user.email}")


def _tell_home() -> None:
    """A command in another shell has to be told which home is the demonstration's."""
    home = os.environ["WAYHOME_HOME"]
    typer.echo(f"Its home is {home}. For other commands on it, from this folder:")
    program = shlex.quote(sys.argv[0])
    typer.echo(f"  WAYHOME_HOME={shlex.quote(home)} WAYHOME_DEMO=1 {program} doctor")


def _run(listener: socket.socket, workers: int, shown: str | None) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn(listener, workers).items():
                self.cfg.set(name, value)
            if shown:
                self.cfg.set("when_ready", lambda _: webbrowser.open(shown))

        def load(self) -> object:
            from wayhome.web.wsgi import application

            return application

    Server().run()


def _begin_work(server: object, worker: object) -> None:
    """In each worker, as soon as it is forked; never in another process that is."""
    from wayhome.web.observatory.warming import warm_up_a_worker

    warm_up_a_worker()


def _gunicorn(listener: socket.socket, workers: int) -> dict[str, object]:
    """A request lives 30 seconds at most: key changes rely on it (protection/rotation.py)."""
    return {
        "bind": f"fd://{listener.fileno()}",
        "workers": workers,
        # What is read once (web/warming.py) is there for all workers, and for those after them.
        "preload_app": True,
        "post_fork": _begin_work,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 30,
        "graceful_timeout": 30,
        "max_requests": 5000,
        "max_requests_jitter": 500,
        "accesslog": None,
        "loglevel": "warning",
        "logger_class": "wayhome.web.protection.logs.DiscreetServerLog",
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
        "umask": 0o077,
    }
