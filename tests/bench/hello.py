"""The yardstick: a Flask page that returns a constant, served exactly as the product is."""

from flask import Flask


def create_app() -> Flask:
    """One page."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "hello world"

    return app
