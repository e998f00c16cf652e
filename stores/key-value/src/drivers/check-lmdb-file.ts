// Looks at a data.mdb before LMDB does: handed a file that is none, the library ends the process instead of reporting an error.
//
//   page 0 = 24 bytes of page header, then BEEFC0DE and the format's version 2, both little-endian 32 bits
import { open } from 'node:fs/promises'
import { join } from 'node:path'

const HEADER_BYTES = 24
const MAGIC = 0xbeefc0de
const VERSION = 2
/** Two meta pages of the smallest page size. */
const SIZE_LEAST_BYTES = 2 * 4096

/** Why the folder's file is no environment; undefined when it is one, or is still to be made. */
export async function findLmdbFault(folder: string): Promise<string | undefined> {
  const path = join(folder, 'data.mdb')
  let file
  try {
    file = await open(path, 'r')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
  try {
    const { size } = await file.stat()
    if (size === 0) return undefined
    if (size < SIZE_LEAST_BYTES) return `"${path}" is cut off after ${size} bytes`
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, HEADER_BYTES)
    if (buffer.readUInt32LE(0) !== MAGIC) return `"${path}" is no LMDB file`
    const version = buffer.readUInt32LE(4)
    return version === VERSION ? undefined : `"${path}" has format ${version}, and only ${VERSION} can be read`
  } finally {
    await file.close()
  }
}
