from tests.registers.seals.fixtures import bureau, root_folder

__all__ = ["bureau", "root_folder"]
