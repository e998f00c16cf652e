// Unsent events in a file of this process alone: appended before `track` returns, so that kill -9 at any moment loses none.
//
// FOLDER/<client>.<process>.ndjson: the name says who owns it. Whoever starts takes over what ended processes left, by renaming:
// of two that try, one succeeds. A folder belongs to one machine, or one container; its processes may be many.
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { EventStore, WireEvent } from '../types.ts'
import { isRunning, markProcess } from './process-mark.ts'
import { readQueueFile, writeLine, writeQueueFile, type QueueFile } from './queue-file.ts'

/** A file is written anew when it is larger than this, and twice as large as when it was last: then most of it is done. */
const COMPACT_BYTES = 1_048_576
const FREE = '0-0'
const NAME = /^([\w-]+)\.(\d+-\d+)\.ndjson$/

/** Every `append` and `remove` is one write of one line, without waiting for the disk: a process may die, a machine that loses power may lose seconds. */
export function openFileStore({ folder }: { folder: string }): EventStore {
  const me = markProcess()
  let clientId = ''
  let fd = -1
  let sizeBytes = 0
  let compactBytes = COMPACT_BYTES
  let isTorn = false
  let queue: QueueFile = { sequence: 0, unsent: new Map() }

  const pathOf = (id: string, mark: string): string => join(folder, `${id}.${mark}.ndjson`)

  function write(line: string): void {
    // After a write that failed half way, the next line begins on a line of its own.
    const text = isTorn ? `\n${line}` : line
    isTorn = true
    const written = writeSync(fd, text)
    sizeBytes += written
    if (written < Buffer.byteLength(text)) throw new Error(`Only a part of an event could be written to "${pathOf(clientId, me)}".`)
    isTorn = false
  }

  function compact(): void {
    sizeBytes = writeQueueFile(pathOf(clientId, me), queue)
    compactBytes = Math.max(COMPACT_BYTES, 2 * sizeBytes)
    // First the new one: a number that was given back may be another file's by the next write.
    const next = openSync(pathOf(clientId, me), 'a')
    if (fd >= 0) closeSync(fd)
    fd = next
    isTorn = false
  }

  function takeOver(): string[] {
    const taken: string[] = []
    for (const name of readdirSync(folder).sort()) {
      const [, id, mark] = NAME.exec(name) ?? []
      if (id === undefined || mark === undefined || isRunning(mark)) continue
      try {
        renameSync(join(folder, name), pathOf(id, me))
        taken.push(id)
      } catch (thrown) {
        // Another process was quicker.
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
      }
    }
    return taken
  }

  return {
    open() {
      mkdirSync(folder, { recursive: true })
      const taken = takeOver()
      const files = taken.map((id) => readQueueFile(pathOf(id, me)))
      clientId = taken[0] ?? randomUUID()
      queue = { sequence: files[0]?.sequence ?? 0, unsent: new Map(files.flatMap(({ unsent }) => [...unsent])) }
      compact()
      for (const id of taken.slice(1)) rmSync(pathOf(id, me))
      return { client: { id: clientId, sequence: queue.sequence }, unsent: [...queue.unsent.values()] }
    },
    append(event: WireEvent) {
      queue.sequence = Math.max(queue.sequence, event.context?.client?.sequence ?? 0)
      queue.unsent.set(event.id, event)
      write(writeLine({ add: event }))
    },
    remove(events: WireEvent[]) {
      for (const { id } of events) queue.unsent.delete(id)
      write(writeLine({ done: events.map(({ id }) => id) }))
      if (sizeBytes > compactBytes) compact()
    },
    close() {
      if (fd >= 0) closeSync(fd)
      fd = -1
      renameSync(pathOf(clientId, me), pathOf(clientId, FREE))
    },
  }
}
