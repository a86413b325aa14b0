"""Where the bundled program starts; PyInstaller wants a script."""

from digitpad.__main__ import main

if __name__ == "__main__":
    main()
