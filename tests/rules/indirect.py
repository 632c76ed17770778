"""Indirect revocation lists by python3-cryptography, which shares no code with libstir.

    indirect.py make OUT KEY CERT NUMBER THIS NEXT ENTRY...
        writes a list in DER, signed by KEY (its certificate is CERT); times are UNIX seconds, an
        ENTRY is SERIAL[:REASON[:CERTIFICATE]], the certificateIssuer being CERTIFICATE's subject
    indirect.py read CRL
        prints a line "issuer's name in hex, serial number, reason" for every entry, an issuer
        being that of the last entry that said one (RFC 5280 section 5.3.3)
"""
import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization


def read(path):
    with open(path, "rb") as file:
        return file.read()


def certificate(path):
    return x509.load_pem_x509_certificate(read(path))


def utc(seconds):
    return datetime.datetime.utcfromtimestamp(int(seconds))


def entry(text, this_update):
    serial, reason, issuer = (text.split(":") + ["", ""])[:3]
    builder = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(this_update)
    if reason:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(reason)), False)
    if issuer:
        name = x509.DirectoryName(certificate(issuer).subject)
        builder = builder.add_extension(x509.CertificateIssuer([name]), True)
    return builder.build()


def make(out, key, signer, number, this_update, next_update, *entries):
    signer = certificate(signer)
    skid = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.subject)
        .last_update(utc(this_update))
        .next_update(utc(next_update))
        .add_extension(x509.CRLNumber(int(number)), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(skid), False)
        .add_extension(
            x509.IssuingDistributionPoint(None, None, False, False, None, True, False), True
        )
    )
    for text in entries:
        builder = builder.add_revoked_certificate(entry(text, utc(this_update)))
    private = serialization.load_pem_private_key(read(key), None)
    crl = builder.sign(private, hashes.SHA256())
    with open(out, "wb") as file:
        file.write(crl.public_bytes(serialization.Encoding.DER))


def show(path):
    crl = x509.load_der_x509_crl(read(path))
    issuer = crl.issuer
    for revoked in crl:
        reason = "unspecified"
        for extension in revoked.extensions:
            if isinstance(extension.value, x509.CertificateIssuer):
                issuer = extension.value.get_values_for_type(x509.DirectoryName)[0]
            elif isinstance(extension.value, x509.CRLReason):
                reason = extension.value.reason.value
        print(issuer.public_bytes().hex(), "%x" % revoked.serial_number, reason)


if __name__ == "__main__":
    {"make": make, "read": show}[sys.argv[1]](*sys.argv[2:])
