"""Git over HTTPS, with LFS, and over SSH where there is an sshd.

HTTPS is Werkzeug with git's own http-backend, and giftless for LFS; SSH is OpenSSH's sshd, one for each connection.
The folder it is started with has tls.crt, tls.key, token, repositories/ORG/NAME.git, lfs/, and for SSH sshd_config.

Below /public/ nobody is asked for anything; below /named/ the token goes with the user name 'deployer', elsewhere with any.

Arguments: the folder, the port for HTTPS, and the port and the path of sshd if there is one.
"""

import base64
import os
import socket
import ssl
import subprocess
import sys
import threading

import giftless.app
import yaml
from werkzeug.serving import WSGIRequestHandler, run_simple
from werkzeug.wsgi import get_input_stream

state, port = sys.argv[1], int(sys.argv[2])
with open(os.path.join(state, "token")) as file:
    token = file.read().strip()
http_backend = os.path.join(
    subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True).stdout.strip(),
    "git-http-backend",
)


def lfs_server():
    settings = os.path.join(state, "giftless.yaml")
    with open(settings, "w") as out:
        yaml.safe_dump(
            {
                "AUTH_PROVIDERS": ["giftless.auth.allow_anon:read_write"],
                "LEGACY_ENDPOINTS": False,
                "TRANSFER_ADAPTERS": {
                    "basic": {
                        "factory": "giftless.transfer.basic_streaming:factory",
                        "options": {
                            "storage_class": "giftless.storage.local_storage:LocalStorage",
                            "storage_options": {"path": os.path.join(state, "lfs")},
                        },
                    }
                },
            },
            out,
        )
    os.environ["GIFTLESS_CONFIG_FILE"] = settings
    return giftless.app.init_app()


lfs = lfs_server()


def may_enter(environ):
    path = environ["PATH_INFO"]
    if path.startswith("/public/"):
        return True
    kind, _, credentials = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return False
    user, _, password = base64.b64decode(credentials).decode().partition(":")
    return password == token and (user == "deployer" or not path.startswith("/named/"))


def git(environ, start_response):
    variables = {
        "GIT_PROJECT_ROOT": os.path.join(state, "repositories"),
        "GIT_HTTP_EXPORT_ALL": "",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
        "HTTP_CONTENT_ENCODING": environ.get("HTTP_CONTENT_ENCODING", ""),
        "REMOTE_USER": "test",
        "PATH": os.environ["PATH"],
    }
    for name in ("PATH_INFO", "QUERY_STRING", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR"):
        variables[name] = environ.get(name) or ""
    body = get_input_stream(environ).read()
    variables["CONTENT_LENGTH"] = str(len(body))
    answer = subprocess.run([http_backend], input=body, stdout=subprocess.PIPE, env=variables).stdout
    head, _, content = answer.partition(b"\r\n\r\n")
    status, headers = "200 OK", []
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(": ")
        if name == "Status":
            status = value
        else:
            headers.append((name, value))
    headers.append(("Content-Length", str(len(content))))
    start_response(status, headers)
    return [content]


def application(environ, start_response):
    path = environ["PATH_INFO"]
    # where objects come from is told to those alone who have the token, and then asks for none
    if "/info/lfs/objects/storage" in path or path.endswith("/info/lfs/objects/verify"):
        return lfs(environ, start_response)
    if not may_enter(environ):
        start_response("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="git"'), ("Content-Length", "0")])
        return []
    if "/info/lfs/" in path:
        environ.pop("HTTP_AUTHORIZATION", None)
        return lfs(environ, start_response)
    return git(environ, start_response)


def serve_ssh(listener, sshd):
    while True:
        connection, _ = listener.accept()
        with connection:
            server = subprocess.Popen(
                [sshd, "-i", "-e", "-f", os.path.join(state, "sshd_config")], stdin=connection, stdout=connection
            )
        threading.Thread(target=server.wait, daemon=True).start()


if len(sys.argv) > 3:
    threading.Thread(
        target=serve_ssh, args=(socket.create_server(("127.0.0.1", int(sys.argv[3]))), sys.argv[4]), daemon=True
    ).start()

WSGIRequestHandler.protocol_version = "HTTP/1.1"
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(state, "tls.crt"), os.path.join(state, "tls.key"))
run_simple("127.0.0.1", port, application, threaded=True, ssl_context=context)
