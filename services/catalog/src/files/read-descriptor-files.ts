// Reads descriptor files and those that their Location entities point to.
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Problem } from '../contract.ts'
import { readDescriptors, type DescribedEntity } from '../domain/descriptor/read-descriptors.ts'
import { findSpecText, type Entity } from '../domain/entity.ts'
import { findDescriptorFiles } from './find-descriptor-files.ts'

export type FileReading = {
  file: string
  /** Changes with the file and with the rules it is read by; empty when it could not be read. */
  stamp: string
  entities: DescribedEntity[]
  problems: Problem[]
  /** The text could not be read or parsed: nothing is known about what it declares now. */
  broken: boolean
}

const largestFileBytes = 5_000_000
/** Grows with every change of the rules of descriptors: then all files are parsed again. */
const rulesVersion = 1
const readAtOnce = 64

/** A file whose stamp is that of `known` is not parsed again. */
export async function readDescriptorFiles(sources: readonly string[], folder: string, known: ReadonlyMap<string, FileReading> = new Map()): Promise<FileReading[]> {
  const readings = new Map<string, FileReading>()
  const queue = (await findDescriptorFiles(sources, folder)).map((file) => ({ file, named: '' }))
  while (queue.length > 0) {
    const next = new Map(queue.splice(0, readAtOnce).flatMap(({ file, named }) => (readings.has(file) ? [] : [[file, named] as const])))
    for (const reading of await Promise.all([...next].map(([file, named]) => readOne(file, named, known.get(file))))) {
      readings.set(reading.file, reading)
      for (const { entity, usable } of reading.entities) {
        const targets = usable ? listTargets(entity) : []
        if (targets.length > 0) queue.push(...(await findDescriptorFiles(targets, dirname(reading.file))).map((file) => ({ file, named: reading.file })))
      }
    }
  }
  return [...readings.values()].sort((a, b) => (a.file < b.file ? -1 : 1))
}

async function readOne(file: string, named: string, known: FileReading | undefined): Promise<FileReading> {
  const broken = (code: string, message: string, help: string): FileReading => ({
    file,
    stamp: '',
    entities: [],
    broken: true,
    problems: [{ severity: 'error', code, message, help, file, line: 1, column: 1, ref: null }],
  })
  let text: string
  let stamp: string
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true })
    stamp = [rulesVersion, mtimeNs, ctimeNs, size, ino].join(' ')
    if (known?.stamp === stamp) return known
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
    return broken(reason === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', `The file cannot be read: ${reason}.`, named === '' ? 'Put it there, or take it out of the sources.' : `It is a target of a Location in ${named}; correct that.`)
  }
  if (text.length > largestFileBytes) return broken('FILE_TOO_LARGE', `The file has ${text.length} characters; at most ${largestFileBytes} are read.`, 'Split it.')
  const { entities, problems } = readDescriptors(text, file)
  return { file, stamp, entities, problems, broken: problems.some((problem) => problem.code === 'YAML_INVALID') }
}

/** Locations of other types (url…) are kept as entities; only files are followed here. */
function listTargets(entity: Entity): string[] {
  if (entity.kind.toLowerCase() !== 'location' || (findSpecText(entity, 'type') ?? 'file') !== 'file') return []
  const { target, targets } = entity.spec ?? {}
  return [target, ...(Array.isArray(targets) ? (targets as unknown[]) : [])].filter((one) => typeof one === 'string')
}
