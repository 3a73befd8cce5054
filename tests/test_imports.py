"""Imports point one way: gateway <- ingest <- alerts <- api; nobody imports simulators."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "gateway": {"gateway"},
    "ingest": {"gateway", "ingest"},
    "alerts": {"gateway", "ingest", "alerts"},
    "api": {"gateway", "ingest", "alerts", "api"},
    "simulators": {"gateway", "ingest", "alerts", "api", "simulators"},
}
NOT_IN_A_HOME = {"psycopg", "psycopg_pool", "sqlalchemy", "alembic", "fastapi", "twilio"}


def imported(path: Path) -> set[str]:
    """Top-level names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module is not None
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        ours = imported(path) & (set(MAY_IMPORT) | {"tests"})
        assert ours <= MAY_IMPORT[package], f"{path.relative_to(ROOT)} imports {ours - MAY_IMPORT[package]}"


def test_a_gateway_needs_no_server_package() -> None:
    for path in (ROOT / "gateway").rglob("*.py"):
        assert not imported(path) & NOT_IN_A_HOME, path
