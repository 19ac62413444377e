"""Sockets that a session to Prometheus may use: checked after the name is resolved, and ended when the time is over."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_METADATA_HOSTS = {ipaddress.ip_address(a) for a in ("100.100.100.200", "fd00:ec2::254")}


class Refused(OSError):
    """The address behind the name is one that no metrics server has."""


def forbidden(address: str) -> bool:
    """True for link-local, multicast and cloud metadata addresses."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_link_local or ip.is_multicast or ip in _METADATA_HOSTS


def checked_adapter(watch: Watch) -> HTTPAdapter:
    """An adapter whose sockets are checked after resolution and known to the watch."""

    class Checked:
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()  # type: ignore[misc]
            if forbidden(sock.getpeername()[0]):
                sock.close()
                raise Refused("link-local and metadata addresses are refused")
            watch.add(sock)
            return sock

    class Plain(Checked, HTTPConnection):
        pass

    class Secure(Checked, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return adapter


class Watch:
    """Ends every open socket when the total time is over: a slow drip never trips a timeout per read."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()
        self.expired = False

    def add(self, sock: socket.socket) -> None:
        # A duplicate shares the connection: TLS wraps and detaches the original.
        self._sockets.append(sock.dup())

    @property
    def left(self) -> float:
        return 0.0 if self.expired else self._end - time.monotonic()

    def _expire(self) -> None:
        self.expired = True
        for sock in self._sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed by the other side already
                continue

    def close(self) -> None:
        self._timer.cancel()
        for sock in self._sockets:
            sock.close()
