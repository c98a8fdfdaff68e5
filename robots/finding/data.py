"""What the robot knows is data, and stands in one folder."""

from pathlib import Path

DATA = Path(__file__).parent.parent / "data"


def groups_of(text: str) -> list[list[str]]:
    """The words of each line, which stand between blanks; lines that begin with # say something about it."""
    lines = (line.split() for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [words for words in lines if words]


def groups(name: str) -> list[list[str]]:
    """The words of each line of a file."""
    return groups_of((DATA / name).read_text(encoding="utf-8"))


def words(name: str) -> list[str]:
    """All words of a file."""
    return [word for group in groups(name) for word in group]
