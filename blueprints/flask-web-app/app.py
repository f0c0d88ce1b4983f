from flask import Flask, request

from wsgi_adapter import wsgi_handler

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello from Flask!"


@app.post("/echo")
def echo():
    return request.get_json()


lambda_handler = wsgi_handler(app)
