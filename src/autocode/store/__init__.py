"""The study file; the only door to SQLAlchemy."""
