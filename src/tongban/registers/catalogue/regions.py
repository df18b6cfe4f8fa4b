"""What a national division code says of itself: 2 + 2 + 2 + 3 + 3 digits. Pure."""

CODE_LENGTH = 12
_CUTS = (2, 4, 6, 9, 12)


def pad(region: str) -> str:
    """The 12-digit code for one written with 2, 4, 6, 9 or 12 digits.

    :raises ValueError: saying which lengths are possible
    """
    text = region.strip()
    if not text.isdigit() or len(text) not in _CUTS:
        raise ValueError(f"区划代码“{region}”无效；应为2、4、6、9或12位数字，例如511602。")
    return text.ljust(CODE_LENGTH, "0")


def significant(region: str) -> str:
    """The code without the zeros that stand for "the whole of"."""
    for cut in _CUTS:
        if not region[cut:].strip("0"):
            return region[:cut]
    return region


def level(region: str) -> str:
    """Level of exercise as in the standard: 2 province, 3 city, 4 county, 5 township, 6 village."""
    return str(_CUTS.index(len(significant(region))) + 2)


def lineage(region: str) -> tuple[str, ...]:
    """The region and everything above it, most specific first."""
    short = significant(region)
    return tuple(short[:cut].ljust(CODE_LENGTH, "0") for cut in reversed(_CUTS) if cut <= len(short))


def is_under(region: str, root: str) -> bool:
    """Whether `region` is `root` or lies in it."""
    return region.startswith(significant(root))
