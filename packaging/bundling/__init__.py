"""What the bundle is made of: called by the PyInstaller spec and by ``packaging/build.py``."""
