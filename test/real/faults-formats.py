"""Unpacks a file of a given format with libraries of other authors; writes what is in it to stdout."""
import io
import sys
import zipfile

import snappy
from kafka.codec import snappy_decode

form, path = sys.argv[1:]
with open(path, "rb") as file:
    packed = file.read()
if form == "ZIP":
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        (name,) = archive.namelist()
        plain = archive.read(name)
elif form == "Snappy":
    # The stream of the library snappy-java, which Kafka's clients know too.
    plain = snappy_decode(packed)
else:
    plain = snappy.HadoopStreamDecompressor().decompress(packed)
sys.stdout.buffer.write(plain)
