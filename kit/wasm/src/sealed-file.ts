// Modules in files that say whether they are whole. A sealed file is the module and then a custom section "sha256" with the digest of
// all bytes before it, so that it still is a module:   00 (custom) | 27 (39 bytes) | 06 "sha256" | 32 bytes
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'

const SEAL_HEAD = Buffer.from([0, 39, 6, ...Buffer.from('sha256')])

/** The module's bytes; undefined when there is no file, or its seal is missing or does not fit. */
export async function findSealed(path: string): Promise<Uint8Array | undefined> {
  const file = await readFile(path).catch(() => undefined)
  if (file === undefined) return undefined
  const bytes = file.subarray(0, Math.max(0, file.length - SEAL_HEAD.length - 32))
  return Buffer.compare(addSeal(bytes), file) === 0 ? Uint8Array.from(bytes) : undefined
}

/** Whole or not at all, whoever writes the same beside it. */
export async function writeSealed(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, addSeal(bytes))
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function addSeal(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, SEAL_HEAD, createHash('sha256').update(bytes).digest()])
}
