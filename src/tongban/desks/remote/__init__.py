"""远程窗口: an officer at a window and one of the deciding unit look at the same form at the same time."""
