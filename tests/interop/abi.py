"""The C ABI as interop.py needs it: ctypes on libpqrtc itself, so that the bytes compared are those of the ABI and nothing is hidden by
a binding. Buffers are bytes in and bytes out; a status other than PQRTC_OK raises Refused."""
import ctypes as c

UNSUPPORTED, INVALID_KEY, DECRYPTION_FAILED, BAD_SIGNATURE, KEY_REUSED, UNEXPECTED_MESSAGE = 5, 16, 18, 19, 51, 65

# What a provider lacks: PQRTC_UNSUPPORTED.
LACKS = {"pqclean": ("ML-KEM-1024", "ML-DSA-87")}


class Refused(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status


def refused(status, function, *args, **more):
    try:
        function(*args, **more)
    except Refused as e:
        assert e.status == status, f"status {e.status}, not {status}"
    else:
        raise AssertionError("was not refused")


class Handle:
    """Frees itself."""

    def __init__(self, abi, pointer, kind):
        self.abi, self.pointer, self.kind = abi, pointer, kind

    def __del__(self):
        getattr(self.abi.lib, f"pqrtc_{self.kind}_free")(self.pointer)


class Abi:
    def __init__(self, path):
        self.lib = c.CDLL(path)
        assert self.lib.pqrtc_abi_version() == 2
        self.lib.pqrtc_provider.restype = c.c_char_p
        for kind in ("kem_keypair", "hybrid_keypair", "session", "signing_key", "sframe_sender", "sframe_receiver", "recording_signer"):
            free = getattr(self.lib, f"pqrtc_{kind}_free")
            free.restype, free.argtypes = None, [c.c_void_p]

    def provider(self):
        return self.lib.pqrtc_provider().decode()

    def lacks(self, name):
        return name in LACKS.get(self.provider(), ())

    def call(self, name, *args):
        """int: uint32_t or uint64_t by U32/U64; bytes: pointer and length; Handle: pointer; anything else as it is."""
        flat = []
        for arg in args:
            if isinstance(arg, bytes):
                flat += [arg, c.c_size_t(len(arg))]
            elif isinstance(arg, Handle):
                flat.append(c.c_void_p(arg.pointer))
            else:
                flat.append(arg)
        status = getattr(self.lib, f"pqrtc_{name}")(*flat)
        if status != 0:
            raise Refused(status)

    def new(self, name, kind, *args):
        out = c.c_void_p()
        self.call(name, *args, c.byref(out))
        return Handle(self, out.value, kind)

    def sizes(self, family, algorithm):
        """Of a public key, of a ciphertext or signature, and of a seed, in bytes."""
        sizes = [c.c_size_t() for _ in range(3)]
        self.call(f"{family}_sizes", U32(algorithm), *map(c.byref, sizes))
        return [size.value for size in sizes]

    def fixed(self, name, length, *args):
        out = c.create_string_buffer(length)
        self.call(name, *args, out, c.c_size_t(length))
        return out.raw

    def variable(self, name, capacity, *args, after=()):
        out, written = c.create_string_buffer(capacity), c.c_size_t()
        self.call(name, *args, out, c.c_size_t(capacity), c.byref(written), *after)
        return out.raw[:written.value]


U32, U64 = c.c_uint32, c.c_uint64
