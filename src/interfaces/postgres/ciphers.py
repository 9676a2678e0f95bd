"""Suites of algorithms for the vault; the suite's number stands in everything that was encrypted with it.

1 is AES-256-GCM with SHA-256, 2 is SM4-GCM with SM3 (GB/T 32907, GB/T 32905), which some OpenSSL builds lack. The
library with OpenSSL takes longer to import than a vault to open: it is imported by what seals and unseals.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from hmac import digest as hmac_digest
from hmac import new as hmac_of
from typing import Final

from domain.errors import CaseError
from domain.sentence import sentence

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class CipherUnavailable(CaseError):
    """The suite is unknown, or the OpenSSL in use does not offer its algorithms."""

    def __init__(self, suite: int) -> None:
        super().__init__(
            "cipher_unavailable",
            sentence("vault.no_cipher", suite=suite),
        )
        self.suite = suite


class WrongKey(CaseError):
    """What is in the vault does not open under this key: another master key, or altered data."""

    def __init__(self) -> None:
        super().__init__(
            "wrong_master_key",
            sentence("vault.unopened"),
        )


class Suite(ABC):
    """One suite: authenticated encryption and a keyed digest, from 256-bit keys."""

    number: int
    may_be_lacking: bool = False
    """Whether there are OpenSSL builds without its algorithms."""

    @abstractmethod
    def mac(self, key: bytes, message: bytes) -> bytes:
        """A keyed digest of 32 bytes; also the way in which keys are derived from keys."""

    @abstractmethod
    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """The ciphertext with its tag; opens only together with ``bound_to``."""

    @abstractmethod
    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """The plaintext. Raises ``WrongKey``."""

    def encrypt(self, key: bytes, plain: bytes, bound_to: bytes, nonce: bytes | None = None) -> bytes:
        """Suite number, nonce (random unless given), ciphertext."""
        nonce = os.urandom(NONCE_BYTES) if nonce is None else nonce
        return bytes([self.number]) + nonce + self.seal(key, nonce, plain, bound_to)

    def text_sealer(self, nonce_key: bytes, key: bytes, bound_to: bytes) -> Callable[[bytes], bytes]:
        """What seals one text after the other: nonce and ciphertext. The nonce is a keyed digest of the text, so equal
        texts are sealed alike, two texts never share one, and nobody else can tell equal texts."""

        def sealed(plain: bytes) -> bytes:
            nonce = self.mac(nonce_key, plain)[:NONCE_BYTES]
            return nonce + self.seal(key, nonce, plain, bound_to)

        return sealed

    def chunk_cipher(self, key: bytes) -> "SuiteChunks":
        """What seals the chunks of one content, for which alone ``key`` was derived."""
        return SuiteChunks(self, key)

    def decrypt(self, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """The plaintext of ``encrypt``. Raises ``WrongKey``."""
        return self.unseal(key, sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to)


class SuiteChunks:
    """Seals chunks by number under a key that has no other use: the nonce is the number and whether it is the last."""

    def __init__(self, suite: Suite, key: bytes) -> None:
        self.suite = suite.number
        self._suite = suite
        self._key = key

    def seal(self, number: int, is_last: bool, chunk: bytes, bound_to: bytes) -> bytes:
        """The chunk encrypted, with its tag."""
        return self._suite.seal(self._key, _chunk_nonce(number, is_last), chunk, bound_to)

    def open(self, number: int, is_last: bool, sealed: bytes, bound_to: bytes) -> bytes | None:
        """The chunk again; ``None`` for one that was altered, or stood elsewhere."""
        try:
            return self._suite.unseal(self._key, _chunk_nonce(number, is_last), sealed, bound_to)
        except WrongKey:
            return None


def _chunk_nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])


class _Aes(Suite):
    number = 1

    def mac(self, key: bytes, message: bytes) -> bytes:
        return hmac_digest(key, message, "sha256")

    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(key).encrypt(nonce, plain, bound_to)

    def text_sealer(self, nonce_key: bytes, key: bytes, bound_to: bytes) -> Callable[[bytes], bytes]:
        """The same, with the keys made ready once."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        keyed, encrypt = hmac_of(nonce_key, digestmod="sha256"), AESGCM(key).encrypt

        def sealed(plain: bytes) -> bytes:
            digest = keyed.copy()
            digest.update(plain)
            nonce = digest.digest()[:NONCE_BYTES]
            return nonce + encrypt(nonce, plain, bound_to)

        return sealed

    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(key).decrypt(nonce, sealed, bound_to)
        except InvalidTag as error:
            raise WrongKey from error


class _Sm4(Suite):
    number = 2
    may_be_lacking = True

    def mac(self, key: bytes, message: bytes) -> bytes:
        from cryptography.hazmat.primitives.hashes import SM3
        from cryptography.hazmat.primitives.hmac import HMAC

        mac = HMAC(key, SM3())
        mac.update(message)
        return mac.finalize()

    # SM4 has keys of 128 bits: the first half of a derived key of 256.
    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if len(sealed) < TAG_BYTES:
            raise WrongKey
        decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        try:
            return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()
        except InvalidTag as error:
            raise WrongKey from error


_SUITES: Final[dict[int, Suite]] = {1: _Aes(), 2: _Sm4()}


@cache
def suite_of(number: int) -> Suite:
    """The suite with that number. Raises ``CipherUnavailable``."""
    suite = _SUITES.get(number)
    if suite is None:
        raise CipherUnavailable(number)
    if suite.may_be_lacking:
        from cryptography.exceptions import UnsupportedAlgorithm

        try:
            suite.mac(bytes(32), suite.seal(bytes(32), bytes(NONCE_BYTES), b"", b""))
        except UnsupportedAlgorithm as error:
            raise CipherUnavailable(number) from error
    return suite
