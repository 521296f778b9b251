"""Certificates of one test run: made when it starts, in a folder that goes with it."""

import atexit
import datetime
import ipaddress
import shutil
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = Path(tempfile.mkdtemp(prefix="rennbahn-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


class Identity:
    """A certificate and its key, as objects and as PEM files."""

    def __init__(self, name, issuer=None, hosts=(), expired=False):
        self.certificate_file, self.key_file = FOLDER / f"{name}.pem", FOLDER / f"{name}-key.pem"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"rennbahn {name}")])
        now = datetime.datetime.now(datetime.timezone.utc)
        hour = datetime.timedelta(hours=1)
        signer = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(signer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 2 * hour)
            .not_valid_after(now - hour if expired else now + 24 * hour)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        )
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(hosts)), critical=False)
        self.certificate = builder.sign(signer.key, hashes.SHA256())
        self.certificate_file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        self.key_file.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


HERE = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
AUTHORITY = Identity("authority")
OTHER_AUTHORITY = Identity("other-authority")
SERVER = Identity("server", AUTHORITY, HERE)
EXPIRED_SERVER = Identity("expired-server", AUTHORITY, HERE, expired=True)
STRANGE_SERVER = Identity("strange-server", AUTHORITY, [x509.DNSName("elsewhere.example")])
CLIENT = Identity("client", AUTHORITY)
EXPIRED_CLIENT = Identity("expired-client", AUTHORITY, expired=True)
STRANGE_CLIENT = Identity("strange-client", OTHER_AUTHORITY)


def server_options(identity=SERVER):
    return ["--tls-certificate", str(identity.certificate_file), "--tls-key", str(identity.key_file)]


def client_context(identity=None, version=None):
    """Python's own client settings, with our authority trusted and host names checked."""
    context = ssl.create_default_context(cafile=AUTHORITY.certificate_file)
    if identity:
        context.load_cert_chain(identity.certificate_file, identity.key_file)
    if version:
        context.minimum_version = context.maximum_version = version
    return context
