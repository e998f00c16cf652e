// Takes the compression off a batch, never to more bytes than are allowed: a small packet may say that it is very large.
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { CODE, FaceError } from './error-code.ts'
import { tooLarge } from './unpacked.ts'
import { unpackLz4 } from './unpack-lz4.ts'
import { unpackSnappy } from './unpack-snappy.ts'

/** `kind` as a batch's attributes have it; 0 is as it is. Throws a `FaceError`. */
export function unpack(packed: Buffer, kind: number, maxBytes: number): Buffer {
  try {
    switch (kind) {
      case 0:
        return packed
      case 1:
        return gunzipSync(packed, { maxOutputLength: maxBytes })
      case 2:
        return unpackSnappy(packed, maxBytes)
      case 3:
        return unpackLz4(packed, maxBytes)
      case 4:
        return zstdDecompressSync(packed, { maxOutputLength: maxBytes })
    }
  } catch (thrown) {
    if (thrown instanceof FaceError) throw thrown
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new FaceError(CODE.corruptMessage, `the compressed records cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  throw new FaceError(CODE.unsupportedCompression, `compression ${kind} is unknown; gzip, snappy, lz4 and zstd are read`)
}
