"""A workspace's aligned pairs, chosen and parted, handed to the writers of formats."""
