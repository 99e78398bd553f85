"""``python -m kneetrack``."""

from kneetrack.cli import main

if __name__ == "__main__":
    main()
