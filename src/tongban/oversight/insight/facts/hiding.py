"""Facts name nobody: what stands in them instead of a name."""

from tongban.kernel.privacy import keyed_digester


def hidden(name: str) -> str:
    """What stands for a name of which a part may be somebody's, such as ``officer:12``: whoever has the files, and not the key of
    this installation, does not find it by counting up.
    """
    return f"{name.partition(':')[0]}-{keyed_digester(purpose='facts')(name)[:24]}"
