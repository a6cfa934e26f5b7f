"""FTP, and FTP with TLS at another port, of one user below a folder: server.py STATE PORT TLS_PORT"""

import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

state, port, tls_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
logging.basicConfig(level=logging.WARNING)
with open(state + "/login") as login:
    user, password = login.read().split()

authorizer = DummyAuthorizer()
authorizer.add_user(user, password, state + "/data", perm="elradfmwMT")


class Plain(FTPHandler):
    pass


class Encrypted(TLS_FTPHandler):
    certfile = state + "/tls.pem"
    tls_control_required = True
    tls_data_required = True


loop = IOLoop.factory()
for handler, at in ((Plain, port), (Encrypted, tls_port)):
    handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", at), handler, ioloop=loop)
    server.max_cons = 0
    server.max_cons_per_ip = 0
loop.loop()
