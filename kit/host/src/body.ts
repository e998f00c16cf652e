// Bodies come whole and bounded; compressed ones are opened with the same bound, so that a small bomb stays small.
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { errors } from './errors.ts'

type Open = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const OPENERS: Record<string, Open> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
  zstd: promisify(zlib.zstdDecompress),
}

/** The plain bytes of a body. Throws BAD_ENCODING, TOO_LARGE. */
export async function openBody(bytes: Buffer, encoding: string | undefined, limitBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity' || bytes.length === 0) return bytes
  const open = OPENERS[encoding.toLowerCase()]
  if (open === undefined) throw errors.badEncoding({ encoding })
  try {
    return await open(bytes, { maxOutputLength: limitBytes })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw errors.tooLarge({ limitBytes }, cause)
    throw errors.badEncoding({ encoding }, cause)
  }
}

/** JSON of a contract route's body; an empty body is undefined, and a byte order mark in front is skipped. Throws BAD_JSON with the position. */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
  } catch (cause) {
    throw errors.badJson({ reason: cause instanceof Error ? cause.message : String(cause) }, cause)
  }
}
