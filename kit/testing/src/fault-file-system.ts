// A disk that fails on demand: full, broken, slow, or gone with the power. Everything happens in memory, so a test tries thousands of moments.
import { dirname, resolve } from 'node:path'
import type { FileSystem, OpenFile } from '@rondo/files'
import type { Random } from '@rondo/random'
import { MemoryDisk, syncFile, truncateFile, writeToFile, type DiskFile } from './memory-disk.ts'

export type DiskOperation = keyof FileSystem | Exclude<keyof OpenFile, 'size'>

export type FaultFileSystem = FileSystem & {
  readonly usedBytes: number
  /** How large the disk is; a write beyond leaves what fitted and fails with ENOSPC. Removing and truncating give space back. */
  setCapacityBytes(bytes: number): void
  /** The next such operation fails; a write leaves its first `afterBytes` bytes (default none). */
  failNext(operation: DiskOperation, code: string, afterBytes?: number): void
  /** Such operations wait from now on until `release`; `reached` resolves when the first one waits; `letOthersPass` holds no new ones. */
  hold(operation: DiskOperation): { reached: Promise<void>; letOthersPass(): void; release(): void }
  /** After so many more operations (default none) everything fails with EIO; a write that is the first to fail leaves its first half. */
  crash(afterOperations?: number): void
  /** The machine after a loss of power: synced bytes under synced names, plus the first `keptUnsyncedBytes` of each file's unsynced ones. */
  afterPowerLoss(keptUnsyncedBytes?: number): FaultFileSystem
  /** The same, with any pieces of what was not synced: torn, lost, and out of order. */
  afterReorderedLoss(random: Random): FaultFileSystem
  /** What `kill -9` leaves: everything that was written, synced or not. */
  afterProcessKill(): FaultFileSystem
  /** How often each operation was called. */
  readonly calls: ReadonlyMap<DiskOperation, number>
  /** Most files that were open at once. */
  readonly peakOpenFiles: number
}

export function createFaultFileSystem(): FaultFileSystem {
  return overDisk(new MemoryDisk())
}

type Fault = { code: string; afterBytes: number | 'half' }
type Hold = { wait: Promise<void>; reach(): void }

function overDisk(disk: MemoryDisk): FaultFileSystem {
  const faults = new Map<DiskOperation, Fault[]>()
  const holds = new Map<DiskOperation, Hold>()
  const calls = new Map<DiskOperation, number>()
  let operationsLeft = Infinity
  let capacityBytes = Infinity
  let openFiles = 0
  let peakOpenFiles = 0
  let tick = 0

  const fail = (code: string, path: string): never => {
    throw Object.assign(new Error(`${code}: as the test wants, "${path}"`), { code })
  }
  /** Counts, waits, fails; gives the fault of a write, which leaves a part of itself. */
  const enter = async (operation: DiskOperation, path: string): Promise<Fault | undefined> => {
    count(operation)
    const held = holds.get(operation)
    held?.reach()
    await held?.wait
    return takeFault(operation, path)
  }
  const count = (operation: DiskOperation): void => void calls.set(operation, (calls.get(operation) ?? 0) + 1)
  const takeFault = (operation: DiskOperation, path: string): Fault | undefined => {
    operationsLeft -= 1
    if (operationsLeft === -1 && operation === 'writev') return { code: 'EIO', afterBytes: 'half' }
    if (operationsLeft < 0) fail('EIO', path)
    const fault = faults.get(operation)?.shift()
    if (fault && operation !== 'writev') fail(fault.code, path)
    return fault
  }
  const checkParent = (path: string): void => {
    const parent = disk.names.get(dirname(path))
    if (parent === undefined) fail('ENOENT', path)
    if (parent !== 'folder') fail('ENOTDIR', path)
  }
  const getNode = (path: string): DiskFile | 'folder' => disk.names.get(path) ?? fail('ENOENT', path)

  const dataSync = async (file: DiskFile, path: string): Promise<void> => {
    await enter('dataSync', path)
    syncFile(file)
  }

  const readBytes = (file: DiskFile, into: Uint8Array, position: number): number => {
    const bytes = file.bytes.subarray(position, Math.min(file.sizeBytes, position + into.byteLength))
    into.set(bytes)
    return bytes.byteLength
  }

  const openFile = (file: DiskFile, path: string, isDurable: boolean): OpenFile => ({
    async read(into, position) {
      await enter('read', path)
      return readBytes(file, into, position)
    },
    readNow(into, position) {
      count('readNow')
      takeFault('readNow', path)
      return readBytes(file, into, position)
    },
    async writev(parts, position) {
      const fault = await enter('writev', path)
      const bytes = Buffer.concat(parts)
      const room = capacityBytes - disk.usedBytes() + Math.max(0, file.sizeBytes - position)
      const fits = bytes.subarray(0, Math.max(0, Math.min(room, fault?.afterBytes === 'half' ? bytes.byteLength >>> 1 : (fault?.afterBytes ?? Infinity))))
      writeToFile(file, fits, position)
      tick += 1
      file.modifiedMs = tick
      if (fault) fail(fault.code, path)
      if (fits.byteLength < bytes.byteLength) fail('ENOSPC', path)
      // Written and synced are two moments also where one call does both: between them the power may go, and either may fail.
      if (isDurable) await dataSync(file, path)
    },
    dataSync: () => dataSync(file, path),
    async truncate(sizeBytes) {
      await enter('truncate', path)
      truncateFile(file, sizeBytes)
    },
    size: async () => file.sizeBytes,
    async close() {
      openFiles -= 1
      await enter('close', path)
    },
  })

  return {
    async open(given, flags) {
      const path = resolve(given)
      await enter('open', path)
      checkParent(path)
      const existing = disk.names.get(path)
      if (flags === 'wx+' && existing) fail('EEXIST', path)
      if (flags !== 'wx+' && !existing) fail('ENOENT', path)
      if (existing === 'folder') return fail('EISDIR', path)
      openFiles += 1
      peakOpenFiles = Math.max(peakOpenFiles, openFiles)
      return openFile(existing ?? disk.createFile(path), path, flags === 'rd+')
    },
    async find(given) {
      const path = resolve(given)
      await enter('find', path)
      const node = disk.names.get(path)
      if (node === undefined) return undefined
      return node === 'folder' ? { kind: 'folder', sizeBytes: 0, modifiedMs: 0 } : { kind: 'file', sizeBytes: node.sizeBytes, modifiedMs: node.modifiedMs }
    },
    async readFolder(given) {
      const path = resolve(given)
      await enter('readFolder', path)
      if (getNode(path) !== 'folder') fail('ENOTDIR', path)
      return disk.namesIn(path).map((child) => ({ name: child.slice(path === '/' ? 1 : path.length + 1), kind: disk.names.get(child) === 'folder' ? 'folder' : 'file' }))
    },
    async makeFolder(given) {
      const path = resolve(given)
      await enter('makeFolder', path)
      checkParent(path)
      if (disk.names.has(path)) return false
      disk.names.set(path, 'folder')
      return true
    },
    async rename(givenFrom, givenTo) {
      const [from, to] = [resolve(givenFrom), resolve(givenTo)]
      await enter('rename', from)
      checkParent(to)
      const node = getNode(from)
      if (disk.names.get(to) === 'folder') fail('EISDIR', to)
      disk.names.delete(from)
      disk.names.set(to, node)
    },
    async link(givenFrom, givenTo) {
      const [from, to] = [resolve(givenFrom), resolve(givenTo)]
      await enter('link', from)
      checkParent(to)
      const node = getNode(from)
      if (disk.names.has(to)) fail('EEXIST', to)
      disk.names.set(to, node)
    },
    async unlink(given) {
      const path = resolve(given)
      await enter('unlink', path)
      if (getNode(path) === 'folder') fail('EISDIR', path)
      disk.names.delete(path)
    },
    async removeFolder(given) {
      const path = resolve(given)
      await enter('removeFolder', path)
      if (getNode(path) !== 'folder') fail('ENOTDIR', path)
      if (disk.namesIn(path).length > 0) fail('ENOTEMPTY', path)
      disk.names.delete(path)
    },
    async syncFolder(given) {
      const path = resolve(given)
      await enter('syncFolder', path)
      if (getNode(path) !== 'folder') fail('ENOTDIR', path)
      disk.syncFolder(path)
    },
    get usedBytes() {
      return disk.usedBytes()
    },
    setCapacityBytes(bytes) {
      capacityBytes = bytes
    },
    failNext(operation, code, afterBytes = 0) {
      faults.set(operation, [...(faults.get(operation) ?? []), { code, afterBytes }])
    },
    hold(operation) {
      const reached = Promise.withResolvers<void>()
      const gate = Promise.withResolvers<void>()
      holds.set(operation, { wait: gate.promise, reach: reached.resolve })
      return {
        reached: reached.promise,
        letOthersPass: () => void holds.delete(operation),
        release() {
          holds.delete(operation)
          gate.resolve()
        },
      }
    },
    crash(afterOperations = 0) {
      operationsLeft = afterOperations
    },
    afterPowerLoss: (keptUnsyncedBytes = 0) => overDisk(disk.afterPowerLoss(keptUnsyncedBytes)),
    afterReorderedLoss: (random) => overDisk(disk.afterReorderedLoss(random)),
    afterProcessKill: () => overDisk(disk),
    calls,
    get peakOpenFiles() {
      return peakOpenFiles
    },
  }
}
