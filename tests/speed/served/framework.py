"""The handler as a function of Google's functions framework."""

from lambda_function import lambda_handler


def hello(request):
    return lambda_handler(request.get_json(force=True), None)
