"""Protected rails (10.4): TLS 1.3 over TCP. Rails of 10.5 need keys that Python's ssl cannot tell; their examples are checked in `golden`."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import time
from pathlib import Path

from checks.bench import Bench
from checks.drives import use_scratch
from pcieoe import bodies, frame
from pcieoe.initiator import Initiator
from pcieoe.rail import TcpRail
from pcieoe.raw import Raw
from pcieoe.suite import check, expect, not_visible

PROTOCOL = "pcieoe/1"


def context(own: Path | None, trust: Path, protocol: str = PROTOCOL) -> ssl.SSLContext:
    """An initiator's TLS, with the credentials in a folder or with none."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.minimum_version = ssl.TLSVersion.TLSv1_3
    tls.check_hostname = False
    tls.load_verify_locations(trust / "ca.pem")
    tls.set_alpn_protocols([protocol])
    if own:
        tls.load_cert_chain(own / "cert.pem", own / "key.pem")
    return tls


def proved_name(folder: Path) -> str:
    """NAME of farslot:FABRIC/KIND/NAME in a certificate's subject alternative name."""
    pem = (folder / "cert.pem").read_text().split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    der = base64.b64decode("".join(pem.split()))
    found = re.search(rb"\x86(.)(farslot:)", der, re.S)
    if not found:
        raise AssertionError(f"{folder}/cert.pem names nobody")
    return der[found.start(2):found.start(2) + found.group(1)[0]].decode().split("/", 2)[2]


def dial(bench: Bench) -> TcpRail:
    """A protected rail, to an appliance of this fabric."""
    rail = TcpRail.dial(*bench.tls_at(), context(bench.credentials(), bench.credentials()))
    names = [value for kind, value in rail.certificate().get("subjectAltName", ()) if kind == "URI"]
    expect(any(re.fullmatch(r"farslot:[^/]+/appliance/.+", each) for each in names), f"it is no appliance's: {names}")
    return rail


def refused(bench: Bench, tls: ssl.SSLContext) -> bool:
    """Whether a connection like this ends before HELLO is answered."""
    try:
        one = Raw(TcpRail.dial(*bench.tls_at(), tls), proved_name(bench.credentials()))
    except OSError:
        return True
    try:
        one.hello()
        one.until(lambda: one.over or one.came, "an end")
        return not one.came
    finally:
        one.close()


@check(201, 202)
def protected_scratch(bench: Bench) -> None:
    """a scratch card over TCP in TLS 1.3, to an appliance that proves that it is one"""
    one = Initiator(proved_name(bench.credentials()), [lambda: dial(bench)] * 2)
    try:
        one.connect(rails=2)
        use_scratch(bench, one)
    finally:
        one.close()


@check(200)
def another_name(bench: Bench) -> None:
    """on a protected rail HELLO of another name than the certificate's is refused with NOT_ALLOWED"""
    one = Raw(dial(bench), "somebody-else")
    one.hello()
    one.expect_refuse(bodies.NOT_ALLOWED)
    one.close()


@check(203)
def in_clear(bench: Bench) -> None:
    """a rail in clear is refused in clear, with NOT_ALLOWED"""
    one = Raw(TcpRail.dial(*bench.tls_at()))
    one.hello()
    one.expect_refuse(bodies.NOT_ALLOWED)
    one.close()


@check(202)
def not_proved(bench: Bench) -> None:
    """without a certificate, with one of another kind, by TLS 1.2 or for another protocol there is no rail"""
    own = bench.credentials()
    expect(refused(bench, context(None, own)), "somebody without a certificate was let in")
    old = context(own, own)
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    expect(refused(bench, old), "TLS 1.2 was spoken")
    expect(refused(bench, context(own, own, "http/1.1")), "another protocol was agreed on")
    if bench.wrong_pki:
        expect(refused(bench, context(bench.wrong_pki, own)), "a certificate of another kind was taken")


@check(205, slow=True)
def says_nothing(bench: Bench) -> None:
    """a connection that does not agree on keys is closed after some 3 s"""
    connection = socket.create_connection(bench.tls_at(), 5)
    began = time.monotonic()
    connection.settimeout(20)
    try:
        while connection.recv(4096):
            pass
    except ConnectionError:
        pass
    expect(1.5 < time.monotonic() - began < 20, f"after {time.monotonic() - began:.1f} s")
    connection.close()


@check(201)
def not_tls(bench: Bench) -> None:
    """bytes that are neither TLS nor a frame end the connection"""
    connection = socket.create_connection(bench.tls_at(), 5)
    connection.settimeout(5)
    connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    answer = b""
    try:
        while piece := connection.recv(4096):
            answer += piece
    except ConnectionError:
        pass
    expect(not answer.startswith(frame.MAGIC.to_bytes(2, "big")), "answered in clear")
    connection.close()


not_visible("certificates would have to expire during the check", 204)
not_visible("Python's ssl has no exporter to make keys with; the examples of section 13 were opened and sealed", 206, 207, 208,
            209, 210)
