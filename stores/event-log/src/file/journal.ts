// What the log knows beside records: topics and committed positions, as an append-only file of checked lines that is rewritten when it is mostly old.
//
//   line := crc | " " | durableBytes | " " | JSON | newline
//
// crc: CRC-32 of the rest of the line, 8 hex digits. durableBytes: how much of the file was synced when the line was written, 12 digits. A bad
// line below the durableBytes of a later good one is damage; above all of them it is the torn tail of a crash, and cut off.
import { crc32 } from 'node:zlib'
import { writeFileDurably, type FileSystem, type OpenFile } from '@rondo/files'
import { errors } from '../errors.ts'
import type { TopicConfig } from '../port.ts'
import { toDiskError } from './disk-error.ts'
import { createGroupCommit, type AppendTarget } from './group-commit.ts'

const COMPACT_BYTES = 1024 * 1024
const FORMAT = 1
/** Of a line, beside its JSON. */
const FRAMING_BYTES = 8 + 1 + 12 + 1 + 1

/** `offset`: below 0 in a line that takes the position away. */
export type Position = { topic: string; partition: number; offset: number }

type Line = { format: number } | { topic: string; config: TopicConfig } | { group: string; positions: Position[] }

export type Journal = {
  readonly topics: Map<string, TopicConfig>
  readonly groups: Map<string, Map<string, Position>>
  saveTopic(topic: string, config: TopicConfig): Promise<void>
  savePositions(group: string, positions: Position[]): Promise<void>
  close(): Promise<void>
}

type Entry = { line: Line; json: string; sizeBytes: number }

export async function openJournal(fileSystem: FileSystem, path: string): Promise<Journal> {
  const topics = new Map<string, TopicConfig>()
  const groups = new Map<string, Map<string, Position>>()
  const apply = (line: Line): void => {
    if ('format' in line) {
      if (line.format > FORMAT) throw errors.newerFormat({ path, version: line.format })
    } else if ('config' in line) topics.set(line.topic, line.config)
    else {
      const kept = groups.get(line.group) ?? new Map<string, Position>()
      groups.set(line.group, kept)
      for (const position of line.positions) {
        if (position.offset < 0) kept.delete(`${position.topic}@${position.partition}`)
        else kept.set(`${position.topic}@${position.partition}`, position)
      }
      if (kept.size === 0) groups.delete(line.group)
    }
  }
  const snapshot = (): Buffer => {
    const lines: Line[] = [{ format: FORMAT }]
    for (const [topic, config] of topics) lines.push({ topic, config })
    for (const [group, positions] of groups) lines.push({ group, positions: [...positions.values()] })
    return Buffer.concat(lines.map((line) => encodeLine(JSON.stringify(line), 0)))
  }

  if (!(await fileSystem.find(path))) await writeFileDurably(fileSystem, path, snapshot())
  let file = await fileSystem.open(path, 'rd+')
  const target: AppendTarget = { path, durableBytes: 0, isTailUnknown: false, use: (work) => work(file) }
  try {
    const bytes = await readAll(file)
    target.durableBytes = readLines(bytes, path, apply)
    if (target.durableBytes < bytes.byteLength) await file.truncate(target.durableBytes)
    // A process that was killed may have written lines that are not synced: whoever is told of them must be told for ever.
    await file.dataSync()
  } catch (error) {
    await file.close()
    throw error
  }
  let compactAt = Math.max(COMPACT_BYTES, target.durableBytes * 2)

  const compact = async (): Promise<void> => {
    const bytes = snapshot()
    await writeFileDurably(fileSystem, path, bytes)
    const old = file
    file = await fileSystem.open(path, 'rd+')
    await old.close()
    target.durableBytes = bytes.byteLength
    target.isTailUnknown = false
    compactAt = Math.max(COMPACT_BYTES, bytes.byteLength * 4)
  }

  const writer = createGroupCommit<Entry>({
    async target() {
      try {
        if (target.durableBytes > compactAt) await compact()
      } catch (error) {
        throw toDiskError(error, path)
      }
      return target
    },
    seal: (group) => group.map(({ json }) => encodeLine(json, target.durableBytes)),
    landed(group) {
      for (const { line } of group) apply(line)
    },
  })
  const save = async (line: Line): Promise<void> => {
    const json = JSON.stringify(line)
    await writer.append({ line, json, sizeBytes: Buffer.byteLength(json) + FRAMING_BYTES })
  }

  return {
    topics,
    groups,
    saveTopic: (topic, config) => save({ topic, config }),
    savePositions: (group, positions) => save({ group, positions }),
    async close() {
      await writer.idle()
      await file.close()
    },
  }
}

function encodeLine(json: string, durableBytes: number): Buffer {
  const checked = `${String(durableBytes).padStart(12, '0')} ${json}`
  return Buffer.from(`${toHex(crc32(checked))} ${checked}\n`)
}

function toHex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}

/** Bytes of the good lines at the head. Throws `LOG_CORRUPT` when what follows them was synced once. */
function readLines(bytes: Buffer, path: string, apply: (line: Line) => void): number {
  let goodBytes = 0
  let isBad = false
  for (let at = 0; at < bytes.byteLength; ) {
    const newline = bytes.indexOf(10, at)
    const end = newline < 0 ? bytes.byteLength : newline
    const checked = bytes.toString('utf8', at + 9, end)
    const isGood = newline >= 0 && bytes.toString('latin1', at, at + 9) === `${toHex(crc32(checked))} `
    if (isGood && isBad && Number(checked.slice(0, 12)) > goodBytes) throw errors.corrupt({ path, position: goodBytes, reason: 'a line there is broken, but lines written after it are whole' })
    isBad ||= !isGood
    if (!isBad) {
      apply(JSON.parse(checked.slice(13)) as Line)
      goodBytes = newline + 1
    }
    at = end + 1
  }
  return goodBytes
}

async function readAll(file: OpenFile): Promise<Buffer> {
  const bytes = Buffer.alloc(await file.size())
  return bytes.subarray(0, await file.read(bytes, 0))
}
