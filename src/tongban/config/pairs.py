"""Lists in environment variables."""


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
