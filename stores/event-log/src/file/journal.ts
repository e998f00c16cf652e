// What the log knows beside records: topics and committed positions, as an append-only file of checked lines that is rewritten when it is mostly old.
//
//   line := crc32 of the JSON as 8 hex digits, space, JSON, newline.      A torn last line is cut off; a bad line before a good one is damage.
import { crc32 } from 'node:zlib'
import { writeFileDurably, type FileSystem, type OpenFile } from '@rondo/files'
import { errors } from '../errors.ts'
import type { TopicConfig } from '../port.ts'
import { toDiskError } from './disk-error.ts'
import { createGroupCommit, type AppendTarget } from './group-commit.ts'

const COMPACT_BYTES = 1024 * 1024
const FORMAT = 1

export type Position = { topic: string; partition: number; offset: number }

type Line = { format: number } | { topic: string; config: TopicConfig } | { group: string; positions: Position[] }

export type Journal = {
  readonly topics: Map<string, TopicConfig>
  readonly groups: Map<string, Map<string, Position>>
  saveTopic(topic: string, config: TopicConfig): Promise<void>
  savePositions(group: string, positions: Position[]): Promise<void>
  close(): Promise<void>
}

type Entry = { line: Line; bytes: Buffer; sizeBytes: number }

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
      for (const position of line.positions) kept.set(`${position.topic}@${position.partition}`, position)
    }
  }
  const snapshot = (): Buffer => {
    const lines: Line[] = [{ format: FORMAT }]
    for (const [topic, config] of topics) lines.push({ topic, config })
    for (const [group, positions] of groups) lines.push({ group, positions: [...positions.values()] })
    return Buffer.concat(lines.map(encodeLine))
  }

  if (!(await fileSystem.find(path))) await writeFileDurably(fileSystem, path, snapshot())
  let file = await fileSystem.open(path, 'r+')
  const target: AppendTarget = { path, durableBytes: 0, isTailUnknown: false, use: (work) => work(file) }
  try {
    const bytes = await readAll(file)
    target.durableBytes = readLines(bytes, path, apply)
    if (target.durableBytes < bytes.byteLength) {
      await file.truncate(target.durableBytes)
      await file.dataSync()
    }
  } catch (error) {
    await file.close()
    throw error
  }
  let compactAt = Math.max(COMPACT_BYTES, target.durableBytes * 2)

  const compact = async (): Promise<void> => {
    const bytes = snapshot()
    await writeFileDurably(fileSystem, path, bytes)
    const old = file
    file = await fileSystem.open(path, 'r+')
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
    seal: (group) => group.map(({ bytes }) => bytes),
    landed(group) {
      for (const { line } of group) apply(line)
    },
  })
  const save = async (line: Line): Promise<void> => {
    const bytes = encodeLine(line)
    await writer.append({ line, bytes, sizeBytes: bytes.byteLength })
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

function encodeLine(line: Line): Buffer {
  const json = JSON.stringify(line)
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`)
}

/** Bytes of the good lines at the head. Throws `LOG_CORRUPT` when a bad one is followed by a good one. */
function readLines(bytes: Buffer, path: string, apply: (line: Line) => void): number {
  let goodBytes = 0
  let isBad = false
  for (let at = 0; at < bytes.byteLength; ) {
    const newline = bytes.indexOf(10, at)
    const end = newline < 0 ? bytes.byteLength : newline
    const json = bytes.toString('utf8', at + 9, end)
    const isGood = newline >= 0 && bytes.toString('latin1', at, at + 8) === crc32(json).toString(16).padStart(8, '0')
    if (isGood && isBad) throw errors.corrupt({ path, position: goodBytes, reason: 'a line there is broken, but lines behind it are whole' })
    isBad ||= !isGood
    if (isGood) {
      apply(JSON.parse(json) as Line)
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
