// A disk in memory that knows what a loss of power would leave: bytes that were synced, under names whose folder was synced.
import { dirname } from 'node:path'

export type DiskFile = {
  /** As readers see it; `sizeBytes` of it counts. */
  bytes: Uint8Array
  sizeBytes: number
  /** As the platter has it, and what was done since. */
  synced: Uint8Array
  changes: Change[]
  modifiedMs: number
}

type Change = { position: number; bytes: Uint8Array } | { truncatedTo: number }

export type DiskNode = DiskFile | 'folder'

export class MemoryDisk {
  readonly names = new Map<string, DiskNode>([['/', 'folder']])
  private readonly syncedNames = new Map<string, DiskNode>([['/', 'folder']])

  createFile(path: string): DiskFile {
    const file: DiskFile = { bytes: new Uint8Array(0), sizeBytes: 0, synced: new Uint8Array(0), changes: [], modifiedMs: 0 }
    this.names.set(path, file)
    return file
  }

  namesIn(folder: string): string[] {
    return [...this.names.keys()].filter((path) => path !== '/' && dirname(path) === folder)
  }

  /** Sum of all files under any name, in bytes. */
  usedBytes(): number {
    let bytes = 0
    for (const node of new Set(this.names.values())) if (node !== 'folder') bytes += node.sizeBytes
    return bytes
  }

  syncFolder(folder: string): void {
    for (const path of [...this.syncedNames.keys()]) if (path !== '/' && dirname(path) === folder && !this.names.has(path)) this.syncedNames.delete(path)
    for (const path of this.namesIn(folder)) this.syncedNames.set(path, this.names.get(path) as DiskNode)
  }

  /** What is on the disk after the power was gone; of bytes not synced, the first `keptUnsyncedBytes` of each file made it. */
  afterPowerLoss(keptUnsyncedBytes: number): MemoryDisk {
    const disk = new MemoryDisk()
    const copies = new Map<DiskFile, DiskFile>()
    for (const [path, node] of this.syncedNames) {
      let parent = dirname(path)
      while (parent !== '/' && this.syncedNames.get(parent) === 'folder') parent = dirname(parent)
      if (parent !== '/') continue
      const copy = node === 'folder' ? node : (copies.get(node) ?? recover(node, keptUnsyncedBytes))
      if (node !== 'folder' && copy !== 'folder') copies.set(node, copy)
      disk.names.set(path, copy)
      disk.syncedNames.set(path, copy)
    }
    return disk
  }
}

export function writeToFile(file: DiskFile, bytes: Uint8Array, position: number): void {
  const end = position + bytes.byteLength
  if (end > file.bytes.byteLength) {
    const grown = new Uint8Array(Math.max(end, file.bytes.byteLength * 2, 256))
    grown.set(file.bytes.subarray(0, file.sizeBytes))
    file.bytes = grown
  }
  if (position > file.sizeBytes) file.bytes.fill(0, file.sizeBytes, position)
  file.bytes.set(bytes, position)
  file.sizeBytes = Math.max(file.sizeBytes, end)
  file.changes.push({ position, bytes: bytes.slice() })
}

export function truncateFile(file: DiskFile, sizeBytes: number): void {
  if (sizeBytes > file.sizeBytes) writeToFile(file, new Uint8Array(sizeBytes - file.sizeBytes), file.sizeBytes)
  file.sizeBytes = sizeBytes
  file.changes.push({ truncatedTo: sizeBytes })
}

export function syncFile(file: DiskFile): void {
  file.synced = applyChanges(file.synced, file.changes, Infinity)
  file.changes = []
}

function recover(file: DiskFile, keptUnsyncedBytes: number): DiskFile {
  const synced = applyChanges(file.synced, file.changes, keptUnsyncedBytes)
  return { bytes: synced.slice(), sizeBytes: synced.byteLength, synced, changes: [], modifiedMs: file.modifiedMs }
}

function applyChanges(synced: Uint8Array, changes: Change[], maxBytes: number): Uint8Array {
  const file: DiskFile = { bytes: synced.slice(), sizeBytes: synced.byteLength, synced, changes: [], modifiedMs: 0 }
  let left = maxBytes
  for (const change of changes) {
    if (left <= 0) break
    if ('truncatedTo' in change) truncateFile(file, change.truncatedTo)
    else {
      writeToFile(file, change.bytes.subarray(0, left), change.position)
      left -= change.bytes.byteLength
    }
  }
  return file.bytes.slice(0, file.sizeBytes)
}
