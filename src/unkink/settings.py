"""Where Unkink keeps its data and where it listens.

In: the command line and the environment (``UNKINK_DATA_DIR``, ``UNKINK_DATABASE_URL``, ``UNKINK_PORT``,
``UNKINK_ALLOWED_HOSTS``). Out: :class:`ServerSettings`. What the person sets in the page is in the diary,
not here. Next file: :mod:`unkink.front.command`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_PORT = 8765


def default_data_dir() -> Path:
    """Return the folder of this user for Unkink's data."""
    return Path(platformdirs.user_data_dir("unkink", appauthor=False))


class ServerSettings(BaseSettings):
    """Settings of the server; each can be given as ``UNKINK_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="UNKINK_", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    """Folder of the diary, the recordings and the keys of the door."""
    database_url: str | None = None
    """Another database than SQLite in the data folder, e.g. ``postgresql+psycopg://...``."""
    port: Annotated[int, Field(ge=0, le=65535)] = DEFAULT_PORT
    """Port on 127.0.0.1; 0: any free one."""
    allowed_hosts: str = ""
    """Further ``host:port`` the page may be opened by, separated by commas (a proxy of one's own)."""

    report_address: str | None = None
    """Where people may send a problem with their back after exercise: an e-mail address or a web page that is
    shown to them. Nothing is ever sent by itself."""

    @property
    def extra_hosts(self) -> tuple[str, ...]:
        """The names in ``allowed_hosts``."""
        return tuple(name.strip() for name in self.allowed_hosts.split(",") if name.strip())
