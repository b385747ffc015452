"""AES-256-GCM (FIPS 197, NIST SP 800-38D), slowly: to hold the specification's examples of sealed packets against it."""

from __future__ import annotations


def _multiply(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _s_box() -> list[int]:
    box = []
    for value in range(256):
        inverse = next((n for n in range(256) if _multiply(value, n) == 1), 0)
        out = 0x63
        for shift in range(5):
            out ^= (inverse << shift | inverse >> 8 - shift) & 0xFF
        box.append(out)
    return box


_BOX = _s_box()
_ROUNDS = 14


def _expand(key: bytes) -> list[bytes]:
    words = [key[at:at + 4] for at in range(0, 32, 4)]
    rcon = 1
    for n in range(8, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if n % 8 == 0:
            word = bytes(_BOX[each] for each in word[1:] + word[:1])
            word = bytes([word[0] ^ rcon]) + word[1:]
            rcon = _multiply(rcon, 2)
        elif n % 8 == 4:
            word = bytes(_BOX[each] for each in word)
        words.append(bytes(a ^ b for a, b in zip(words[n - 8], word)))
    return [b"".join(words[4 * n:4 * n + 4]) for n in range(_ROUNDS + 1)]


def _encrypt(keys: list[bytes], block: bytes) -> bytes:
    state = bytes(a ^ b for a, b in zip(block, keys[0]))
    for turn in range(1, _ROUNDS + 1):
        state = bytes(_BOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16))
        if turn < _ROUNDS:
            state = b"".join(_mix(state[at:at + 4]) for at in range(0, 16, 4))
        state = bytes(a ^ b for a, b in zip(state, keys[turn]))
    return state


def _mix(column: bytes) -> bytes:
    return bytes(_multiply(column[n], 2) ^ _multiply(column[(n + 1) % 4], 3) ^ column[(n + 2) % 4] ^ column[(n + 3) % 4]
                 for n in range(4))


def _hash(subkey: int, data: bytes) -> int:
    digest = 0
    for at in range(0, len(data), 16):
        digest ^= int.from_bytes(data[at:at + 16], "big")
        product, factor = 0, subkey
        for bit in range(127, -1, -1):
            product ^= factor if digest >> bit & 1 else 0
            factor = factor >> 1 ^ (0xE1 << 120 if factor & 1 else 0)
        digest = product
    return digest


def seal(key: bytes, nonce: bytes, clear: bytes, associated: bytes) -> bytes:
    """Encrypts and appends the tag of 16 bytes; the nonce has 12."""
    keys = _expand(key)
    stream = b"".join(_encrypt(keys, nonce + (2 + n).to_bytes(4, "big")) for n in range(-(-len(clear) // 16)))
    sealed = bytes(a ^ b for a, b in zip(clear, stream))
    return sealed + _tag(keys, nonce, sealed, associated)


def open_sealed(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes | None:
    """What was sealed, or None if the tag is wrong."""
    keys, body = _expand(key), sealed[:-16]
    if _tag(keys, nonce, body, associated) != sealed[-16:]:
        return None
    return seal(key, nonce, body, b"")[:-16]


def _tag(keys: list[bytes], nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    subkey = int.from_bytes(_encrypt(keys, bytes(16)), "big")
    blocks = b"".join(each + bytes(-len(each) % 16) for each in (associated, sealed))
    blocks += (8 * len(associated)).to_bytes(8, "big") + (8 * len(sealed)).to_bytes(8, "big")
    first = int.from_bytes(_encrypt(keys, nonce + b"\0\0\0\1"), "big")
    return (_hash(subkey, blocks) ^ first).to_bytes(16, "big")
