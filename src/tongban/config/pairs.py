"""What environment variables say, where it is more than a word."""

import os


def number(name: str, *, least: float, most: float) -> float:
    """A number of an environment variable, 0 where it is not set.

    :raises RuntimeError: it is none, or out of bounds; says which variable and what is possible
    """
    written = os.environ.get(name, "").strip()
    try:
        found = float(written or 0)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        raise RuntimeError(
            f"{name}={written}：应是{least:g}到{most:g}之间的数，不设就是0。 "
            f"It should be a number from {least:g} to {most:g}; 0 where it is not set."
        )
    return found


def pairs(text: str) -> dict[str, str]:
    """``a=1,b=2`` as a mapping; blanks around names and values do not count.

    :raises ValueError: a part without ``=``
    """
    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"{part!r} should read name=value")
        found[name.strip()] = value.strip()
    return found
