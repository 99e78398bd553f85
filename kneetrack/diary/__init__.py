"""The diary: what was practised and how it felt, over weeks."""
