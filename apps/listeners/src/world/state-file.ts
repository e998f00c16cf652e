// Keeps what of a world does not follow from its seed: where it stands, its listeners, and acts still to come.
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Act } from '../listening/act.ts'
import type { Listener } from '../listening/listener.ts'
import type { Start } from './population.ts'

const FORMAT = 1

export type WorldState = {
  format: number
  /** Seed and size that made it: another world does not go on from it. */
  world: string
  /** Everything up to here was told and answered, epoch ms. */
  doneMs: number
  /** Beginning of the hour whose sessions were planned; NaN is none, kept as null. */
  plannedHourMs: number | null
  starts: Start[]
  pending: Act[]
  listeners: Listener[]
  /** A list had tracks once: from then on there is a shelf. */
  shelfIsOpen: boolean
  events: number
}

export type ReadState = { state: WorldState } | { missing: string }

/** Says why there is none to go on from. */
export async function readState(file: string, world: string): Promise<ReadState> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    return { missing: thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? 'it is missing' : `it cannot be read (${String(thrown)})` }
  }
  try {
    const state: unknown = JSON.parse(text)
    if (!isState(state)) return { missing: 'it is not of this version' }
    if (state.world !== world) return { missing: `it is of another world ("${state.world}", not "${world}")` }
    return { state }
  } catch {
    return { missing: 'it is damaged' }
  }
}

export async function writeState(file: string, state: Omit<WorldState, 'format'>): Promise<void> {
  const temporary = `${file}.tmp`
  await writeFile(temporary, JSON.stringify({ format: FORMAT, ...state }))
  await rename(temporary, file)
}

/** The file is written by this version only, and whole: its head tells. */
function isState(value: unknown): value is WorldState {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === FORMAT && 'listeners' in value && Array.isArray(value.listeners)
}
