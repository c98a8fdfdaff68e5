"""Redis as large set-ups run it: behind TLS, and several of which sentinels know the master."""

import shutil
import subprocess
from pathlib import Path

from redis import Redis

from tests.services import Program, free_port, redis_binary, temporary_folder

PASSWORD = "of-redis"
SENTINELS_PASSWORD = "of-the-sentinels"
MASTER = "mymaster"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that vouches for itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


class TlsRedis:
    """A private Redis that speaks nothing but TLS."""

    def __init__(self) -> None:
        binary = redis_binary()
        assert binary is not None
        self.folder = temporary_folder("redis-tls")
        self.certificate, key = make_certificate(self.folder)
        self.port = free_port()
        command = [binary, "--port", "0", "--tls-port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--tls-cert-file", str(self.certificate), "--tls-key-file", str(key), "--tls-auth-clients", "no"]
        self.program = Program([*command, "--tls-ca-cert-file", str(self.certificate)], "Ready to accept connections")

    @property
    def url(self) -> str:
        return f"rediss://localhost:{self.port}/0?ssl_ca_certs={self.certificate}"

    def stop(self) -> None:
        self.program.stop()
        shutil.rmtree(self.folder)


class GuardedRedis:
    """A master, its replica, and a sentinel that puts the replica in the master's place when that is gone."""

    def __init__(self) -> None:
        self.folder = temporary_folder("redis-sentinel")
        ports = self.master_port, self.replica_port, self.sentinel_port = free_port(), free_port(), free_port()
        self.master = self._redis(self.master_port)
        self.replica = self._redis(self.replica_port, "--replicaof", f"127.0.0.1 {self.master_port}")
        settings = (
            f"port {ports[2]}",
            "bind 127.0.0.1",
            f"dir {self.folder}",
            f"requirepass {SENTINELS_PASSWORD}",
            f"sentinel monitor {MASTER} 127.0.0.1 {self.master_port} 1",
            f"sentinel auth-pass {MASTER} {PASSWORD}",
            f"sentinel down-after-milliseconds {MASTER} 300",
        )
        file = self.folder / "sentinel.conf"
        file.write_text("\n".join(settings) + "\n")
        binary = redis_binary()
        assert binary is not None
        self.sentinel = Program([binary, str(file), "--sentinel"], "+slave slave")

    def _redis(self, port: int, *further: str) -> Program:
        binary = redis_binary()
        assert binary is not None
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        command += ["--requirepass", PASSWORD, "--masterauth", PASSWORD, "--repl-diskless-sync-delay", "0"]
        return Program([*command, *further], "Finished with success" if further else "Ready to accept connections")

    @property
    def url(self) -> str:
        """The first sentinel named is one that does not answer."""
        sentinels = f"127.0.0.1:{free_port()},127.0.0.1:{self.sentinel_port}"
        return f"redis+sentinel://:{PASSWORD}@{sentinels}/{MASTER}/0?sentinel_password={SENTINELS_PASSWORD}"

    def master_now(self) -> int:
        """The port of the master, as the sentinel knows it."""
        with Redis(port=self.sentinel_port, password=SENTINELS_PASSWORD, decode_responses=True) as sentinel:
            return int(sentinel.execute_command("SENTINEL", "get-master-addr-by-name", MASTER)[1])

    def stop(self) -> None:
        for program in (self.sentinel, self.replica, self.master):
            program.stop()
        shutil.rmtree(self.folder)
