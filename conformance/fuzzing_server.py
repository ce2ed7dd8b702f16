"""Runs a client against the Autobahn Testsuite's fuzzing server. For the Python 2.7 that the suite is written in.

    fuzzing_server.py DIRECTORY SCHEME CLIENT AGENT

serves all cases on a free port of 127.0.0.1, by SCHEME `ws` or `wss`, as long as `CLIENT URL AGENT [CERTIFICATE]`
runs, and ends with its exit code. DIRECTORY receives the suite's reports, the server's log, and for `wss` a
certificate that signs itself.
"""

import os
import sys

from autobahn.twisted.websocket import listenWS
from autobahntestsuite.fuzzing import FuzzingServerFactory
from OpenSSL import crypto
from twisted.internet import reactor, ssl
from twisted.internet.protocol import ProcessProtocol

HOST = "127.0.0.1"


def write_certificate(key_path, certificate_path):
    key = crypto.PKey()
    key.generate_key(crypto.TYPE_RSA, 2048)
    certificate = crypto.X509()
    certificate.set_version(2)
    certificate.set_serial_number(1)
    certificate.get_subject().CN = "fuzzing server"
    certificate.set_issuer(certificate.get_subject())
    certificate.gmtime_adj_notBefore(-3600)
    certificate.gmtime_adj_notAfter(24 * 3600)
    certificate.set_pubkey(key)
    certificate.add_extensions([crypto.X509Extension("subjectAltName", False, "IP:" + HOST)])
    certificate.sign(key, "sha256")
    with open(key_path, "wb") as key_file:
        key_file.write(crypto.dump_privatekey(crypto.FILETYPE_PEM, key))
    with open(certificate_path, "wb") as certificate_file:
        certificate_file.write(crypto.dump_certificate(crypto.FILETYPE_PEM, certificate))


def listen(scheme, reports, tls):
    """Listens on a free port, and returns it."""
    factory = FuzzingServerFactory({
        # Checked to have a port, which is replaced by what the system gives.
        "url": "%s://%s:1" % (scheme, HOST),
        "outdir": reports,
        "cases": ["*"],
        "exclude-cases": [],
        "exclude-agent-cases": {},
    })
    factory.port = 0
    factory.port = listenWS(factory, tls, interface=HOST).getHost().port
    # The Host field of requests is held against this.
    factory.externalPort = factory.port
    return factory.port


class Client(ProcessProtocol):
    exit_code = 1

    def processEnded(self, reason):
        # None when a signal ended it.
        self.exit_code = 1 if reason.value.exitCode is None else reason.value.exitCode
        if reactor.running:
            reactor.stop()


def main(directory, scheme, client, agent):
    # The suite prints a line for each connection.
    sys.stdout = open(os.path.join(directory, "server.log"), "w")
    tls = None
    arguments = [client, None, agent]
    if scheme == "wss":
        paths = [os.path.join(directory, name) for name in ("server.key", "server.pem")]
        write_certificate(*paths)
        tls = ssl.DefaultOpenSSLContextFactory(*paths)
        arguments.append(paths[1])
    arguments[1] = "%s://%s:%d" % (scheme, HOST, listen(scheme, os.path.join(directory, "reports"), tls))

    process = Client()
    inherit = {0: 0, 1: 1, 2: 2}
    reactor.callWhenRunning(reactor.spawnProcess, process, client, arguments, env=None, childFDs=inherit)
    reactor.run()
    return process.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
