// The key under which all keys of users lie: given by the operator, or made at the first start beside the data, readable by its owner only.
import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { findErrno, nodeFileSystem } from '@rondo/files'
import { errors } from './errors.ts'

const FILE = 'master.key'

/** `given`: 64 hexadecimal digits. Resolves to 32 bytes, durable before anything is wrapped under them. Throws `MASTER_KEY_UNREADABLE`. */
export async function openMasterKey(dataFolder: string, given: string | undefined): Promise<Uint8Array> {
  if (given !== undefined) return parse(given, 'RONDO_MASTER_KEY')
  const path = join(dataFolder, FILE)
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (findErrno(thrown) === 'ENOENT') return undefined
    throw thrown
  })
  if (text !== undefined) return parse(text.trim(), path)
  const key = randomBytes(32)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(`${key.toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  await nodeFileSystem.syncFolder(dataFolder)
  return key
}

function parse(text: string, where: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw errors.masterKeyUnreadable({ where })
  return Buffer.from(text, 'hex')
}
