// What the catalog knows now: files as last read, rooms as last asked, and the index built of both.
import { dirname, sep } from 'node:path'
import { createCtx, withDeadline, type Ctx } from '@rondo/context'
import type { Log, Peer } from '@rondo/contract'
import { toIso, type Clock } from '@rondo/time'
import type { LiveFacts, Problem } from './contract.ts'
import { buildCatalogIndex, type CatalogIndex } from './domain/catalog-index.ts'
import type { DescribedEntity } from './domain/descriptor/read-descriptors.ts'
import { keepLastGood } from './domain/keep-last-good.ts'
import type { LiveThing } from './domain/live-thing.ts'
import { findDescriptorFiles } from './files/find-descriptor-files.ts'
import { readDescriptorFiles, type FileReading } from './files/read-descriptor-files.ts'
import { watchFolders } from './files/watch-folders.ts'
import { askRooms, createRoomQuestions } from './rooms/ask-rooms.ts'
import type { LastGoodStore } from './store/last-good-store.ts'
import type { LocationStore, RegisteredLocation } from './store/location-store.ts'
import type { ReadingStore } from './store/reading-store.ts'

export type CatalogStateDeps = { clock: Clock; log: Log; peer: Peer; store: LastGoodStore; locations: LocationStore; readings: ReadingStore; sources: readonly string[]; folder: string }

export type CatalogState = {
  /** The index with facts not older than a few seconds; waits at most a moment for rooms that are slow. */
  current(): Promise<CatalogIndex>
  /** Reads all files again. */
  readFiles(ctx: Ctx): Promise<void>
  /** Reads them when something changed since; 1 when it did. */
  readChangedFiles(ctx: Ctx): Promise<number>
  /** Registered places; `readFiles` follows a change of them. */
  readonly locations: LocationStore
  /** What stands at a path, folder or glob, without taking it into the catalog. */
  readPlace(target: string): Promise<FileReading[]>
  /** Absolute paths that it leads to. */
  filesOf(target: string): Promise<string[]>
  readonly lastReading: { atMs: number; tookMs: number } | undefined
  close(): void
}

/** Answers of rooms are used again for so long, by the clock of the house. */
const factsLifeMs = 3_000
/** A reader waits so long for slow rooms, and gets what was known before; real milliseconds. */
const patienceMs = 250
const roomDeadlineMs = 5_000

export async function createCatalogState(deps: CatalogStateDeps): Promise<CatalogState> {
  const house = createCtx({ principal: { kind: 'service', name: 'catalog' } })
  const questions = createRoomQuestions(deps.peer)
  let described: DescribedEntity[] = await deps.store.list()
  let problems: Problem[] = []
  let known = await deps.readings.list()
  let changed = false
  let reading: CatalogState['lastReading']
  const things = new Map<string, LiveThing[]>()
  const factsOfDeclared = new Map<string, LiveFacts>()
  let askedAtMs: number | undefined
  let asking: Promise<void> | undefined
  let index: CatalogIndex | undefined
  const watch = watchFolders(() => {
    changed = true
  })

  const readFiles = async (ctx: Ctx): Promise<void> => {
    changed = false
    const startMs = performance.now()
    const registered = await deps.locations.list()
    const readings = await readDescriptorFiles([...deps.sources, ...registered.flatMap(({ type, target }) => (type === 'file' ? [target] : []))], deps.folder, known)
    const now = new Map(readings.filter(({ stamp }) => stamp !== '').map((one) => [one.file, one]))
    await deps.readings.change(known, now, ctx)
    known = now
    const next = keepLastGood(readings, described)
    watch.follow(new Set(readings.map(({ file }) => dirname(file))))
    if (JSON.stringify(next.described) !== JSON.stringify(described)) await deps.store.replace(next.described, ctx)
    described = next.described
    problems = [...next.problems, ...registered.flatMap(toProblems)]
    index = undefined
    reading = { atMs: deps.clock.now(), tookMs: performance.now() - startMs }
    for (const { file, line, message } of problems.filter(({ severity }) => severity === 'error')) deps.log.warn('A descriptor is wrong', { file, line, message })
  }

  const ask = async (): Promise<void> => {
    const nowMs = deps.clock.now()
    const answers = await askRooms(questions, withDeadline(house, roomDeadlineMs), toIso(nowMs), deps.log)
    for (const { room, things: found, pulse } of answers) {
      // A room that fails keeps its things, but nothing is known about how they are.
      things.set(room, found ?? (things.get(room) ?? []).map((thing) => ({ ...thing, facts: { state: null, lastRunAt: null, ratePerHour: null, latenessMs: null, note: `${room} does not answer`, asOf: thing.facts.asOf } })))
      if (pulse === undefined) factsOfDeclared.delete(`component:default/rondo-${room}`)
      else factsOfDeclared.set(`component:default/rondo-${room}`, pulse)
    }
    askedAtMs = nowMs
    index = undefined
  }

  await readFiles(house)
  return {
    async current() {
      const ageMs = askedAtMs === undefined ? Infinity : Math.abs(deps.clock.now() - askedAtMs)
      if (ageMs >= factsLifeMs) {
        asking ??= ask().finally(() => {
          asking = undefined
        })
        await atMost(asking, patienceMs)
      }
      index ??= buildCatalogIndex({ folder: findCommonFolder(described), described, problems, live: [...things.values()].flat(), factsOfDeclared })
      return index
    },
    readFiles,
    locations: deps.locations,
    readPlace: (target) => readDescriptorFiles([target], deps.folder),
    filesOf: (target) => findDescriptorFiles([target], deps.folder),
    async readChangedFiles(ctx) {
      if (!changed) return 0
      await readFiles(ctx)
      return 1
    },
    get lastReading() {
      return reading
    },
    close: () => watch.close(),
  }
}

function findCommonFolder(described: readonly DescribedEntity[]): string {
  const [first = [], ...others] = described.map(({ file }) => dirname(file).split(sep))
  let length = first.length
  for (const parts of others) while (parts.slice(0, length).join(sep) !== first.slice(0, length).join(sep)) length -= 1
  return first.slice(0, length).join(sep)
}

/** Addresses of the web are kept, as other catalogs do, but not read; that is told. */
function toProblems({ type, target }: RegisteredLocation): Problem[] {
  if (type === 'file') return []
  return [{ severity: 'error', code: 'LOCATION_NOT_READ', message: `The registered location ${type}:${target} is not read: this catalog reads files only.`, help: 'Register the file itself (type file), or delete the location.', file: target, line: 1, column: 1, ref: null }]
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise<void>((done) => (timer = setTimeout(done, ms)))])
  clearTimeout(timer)
}
