// A disk in memory that knows what a loss of power would leave: bytes that were synced, under names whose folder was synced.
import { dirname } from 'node:path'
import type { Random } from '@rondo/random'

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
    return this.recover(this.syncedNames, (file) => applyChanges(file.synced, file.changes, keptUnsyncedBytes))
  }

  /**
   * What is on the disk after the power was gone of a system that wrote in an order of its own: since the last sync of each file any pieces of its writes made it, and any of its
   * truncations; since the last sync of each folder any of its names came or went.
   */
  afterReorderedLoss(random: Random): MemoryDisk {
    const kept = [0, 0.2, 0.5, 0.8, 1][random.int(5)] ?? 0
    const names = new Map(this.syncedNames)
    for (const path of new Set([...this.names.keys(), ...this.syncedNames.keys()])) {
      if (this.names.get(path) === this.syncedNames.get(path) || random.next() >= kept) continue
      const node = this.names.get(path)
      if (node === undefined) names.delete(path)
      else names.set(path, node)
    }
    return this.recover(names, (file) => applySome(file, kept, random))
  }

  /** What is under `names`, where all folders on the way are there, each file with the bytes that `read` gives; all of it synced. */
  private recover(names: ReadonlyMap<string, DiskNode>, read: (file: DiskFile) => Uint8Array): MemoryDisk {
    const disk = new MemoryDisk()
    const copies = new Map<DiskFile, DiskFile>()
    for (const [path, node] of names) {
      let parent = dirname(path)
      while (parent !== '/' && names.get(parent) === 'folder') parent = dirname(parent)
      if (parent !== '/') continue
      const copy = node === 'folder' ? node : (copies.get(node) ?? toSyncedFile(read(node), node.modifiedMs))
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

function toSyncedFile(synced: Uint8Array, modifiedMs: number): DiskFile {
  return { bytes: synced.slice(), sizeBytes: synced.byteLength, synced, changes: [], modifiedMs }
}

/** Pieces are at most as long as a sector, and are written as a whole or not at all. */
function applySome({ synced, changes }: DiskFile, kept: number, random: Random): Uint8Array {
  const file = toSyncedFile(synced, 0)
  const pieceBytes = [16, 100, 512][random.int(3)] ?? 16
  for (const change of changes) {
    if ('truncatedTo' in change) {
      if (random.next() < kept) truncateFile(file, change.truncatedTo)
      continue
    }
    for (let at = 0; at < change.bytes.byteLength; at += pieceBytes) {
      if (random.next() < kept) writeToFile(file, change.bytes.subarray(at, at + pieceBytes), change.position + at)
    }
  }
  return file.bytes.slice(0, file.sizeBytes)
}

function applyChanges(synced: Uint8Array, changes: Change[], maxBytes: number): Uint8Array {
  const file = toSyncedFile(synced, 0)
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
