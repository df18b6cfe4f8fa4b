"""One licence per trade 一业一证: several permits as one combined licence 综合许可证, whose parts stay licences."""
