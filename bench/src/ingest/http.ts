// The scales of the whole front door: requests over HTTP to the collector, beside bare node:http servers under the same load in the same run.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computeMedian } from '../numerics/compute-median.ts'
import type { BenchOptions, BenchResult } from '../result.ts'
import { startChild, type Child, type Usage } from './child.ts'
import { isSegment, type Form } from './make-bodies.ts'
import type { Prepare, Send, Sent } from './send-load.ts'

const BATCH_EVENTS = 100
/** Connections, each with one request under way. */
const CONNECTIONS = 32
/** The one before them warms up and is not counted. */
const ROUNDS = 7
/** What has none is told only. */
const MARKS: Partial<Record<Form, number>> = { ndjson: 1.5, array: 1.5, segment: 1 }
const NOTES: Partial<Record<Form, string>> = { 'segment-library': ', each with the context of a server\'s client, sealed', 'segment-page': ', each with a context of its own, sealed' }
const WALL_MARK = 600_000
const COLUMN_EVENTS = 10_000
const COLUMN_CONNECTIONS = 4
const COLUMNS_MARK = 3_000_000
const SINGLES_MARK = 15_000
const SINGLES_RATIO_MARK = 0.6
const P99_MARK_MS = 50
const MEMORY_MARK_BYTES = 300e6

/**
 * Each server is a process of its own, and so is the sender; CPU counts all threads of a server's process. In each round the servers get the same
 * requests, one server after the other; figures are medians of the rounds. Events are of 363 bytes.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  try {
    const rows: BenchResult[] = []
    for (const form of ['ndjson', 'array', 'segment', 'segment-library', 'segment-page'] as const) rows.push(...(await measureBatches(join(folder, form), form, small ? 100 : 1_000)))
    rows.push(...(await measureColumns(join(folder, 'columns'), small ? 4 : 20)))
    return [...rows, ...(await measureSingles(join(folder, 'singles'), small ? 1_000 : 10_000))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureBatches(folder: string, form: Form, batches: number): Promise<BenchResult[]> {
  await using house = await openServers(folder, { form, batches, batchEvents: BATCH_EVENTS })
  const requests = batches * 2
  const rounds = await house.measureRounds({ connections: CONNECTIONS, depth: 1, requests })
  const events = requests * BATCH_EVENTS
  const per = (name: Server): number => events / computeMedian(rounds.map((round) => round[name].cpuSeconds))
  const wall = events / computeMedian(rounds.map(({ collector }) => collector.wallSeconds))
  const ratios = rounds.map(({ collector, parse }) => parse.cpuSeconds / collector.cpuSeconds)
  const ratio = computeMedian(ratios)
  const mark = MARKS[form]
  const rows: BenchResult[] = [
    {
      name: `ingest over HTTP, ${form}: validated, deduplicated, durable${NOTES[form] ?? ''}`,
      figure: `${toWords(per('collector'))} events per CPU-second`,
      reference: `a bare node:http that only JSON.parses: ${toWords(per('parse'))}; that discards: ${toWords(per('discard'))}; ratios ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      ratio,
      ...(mark === undefined ? {} : { mark: `≥ ${mark}`, ok: ratio >= mark }),
    },
    isSegment(form)
      ? { name: `ingest over HTTP, ${form}, by the clock on the wall`, figure: `${toWords(wall)} events/s` }
      : { name: `ingest over HTTP, ${form}, by the clock on the wall`, figure: `${toWords(wall)} events/s`, reference: `${toWords(WALL_MARK)} events/s`, ratio: wall / WALL_MARK, mark: '≥ 1', ok: wall >= WALL_MARK },
  ]
  if (form === 'ndjson') rows.push(...(await measureCalm(house, wall / BATCH_EVENTS / 2, requests)))
  await house.check()
  return rows
}

/** Latency at half of what it takes, and the most memory it ever had. */
async function measureCalm(house: Servers, perSecond: number, requests: number): Promise<BenchResult[]> {
  const { p50Ms, p99Ms } = await house.send('collector', { connections: CONNECTIONS, depth: 1, requests: requests * 4, perSecond })
  const { peakBytes } = await house.collector.ask<Usage>({ usage: true })
  return [
    { name: 'ingest over HTTP: acknowledgement at half load, p99', figure: `${p99Ms.toFixed(1)} ms`, reference: `p50 ${p50Ms.toFixed(1)} ms at ${toWords(perSecond * BATCH_EVENTS)} events/s`, mark: `< ${P99_MARK_MS} ms`, ok: p99Ms < P99_MARK_MS },
    { name: 'ingest over HTTP: most memory of the collector', figure: `${(peakBytes / 1e6).toFixed(0)} MB resident`, mark: `< ${MEMORY_MARK_BYTES / 1e6} MB`, ok: peakBytes < MEMORY_MARK_BYTES },
  ]
}

/** Batches of rows that come as columns, beside a server that only reads them. */
async function measureColumns(folder: string, batches: number): Promise<BenchResult[]> {
  await using house = await openServers(folder, { form: 'columns', batches, batchEvents: COLUMN_EVENTS })
  const requests = batches * 2
  const rounds = await house.measureRounds({ connections: COLUMN_CONNECTIONS, depth: 1, requests }, ['collector', 'discard'])
  await house.check()
  const events = requests * COLUMN_EVENTS
  const wall = events / computeMedian(rounds.map(({ collector }) => collector.wallSeconds))
  const per = (name: Server): string => toWords(events / computeMedian(rounds.map((round) => round[name].cpuSeconds)))
  return [
    {
      name: 'ingest over HTTP, columns (Arrow): checked, deduplicated, durable',
      figure: `${toWords(wall)} events/s`,
      reference: `${toWords(COLUMNS_MARK)} events/s; ${per('collector')} events per CPU-second, a server that discards them ${per('discard')}`,
      ratio: wall / COLUMNS_MARK,
      mark: '≥ 1',
      ok: wall >= COLUMNS_MARK,
    },
  ]
}

async function measureSingles(folder: string, requests: number): Promise<BenchResult[]> {
  await using house = await openServers(folder, { form: 'ndjson', batches: requests, batchEvents: 1 })
  const rounds = await house.measureRounds({ connections: CONNECTIONS, depth: 4, requests })
  await house.check()
  const wall = (name: Server): number => requests / computeMedian(rounds.map((round) => round[name].wallSeconds))
  const ratio = computeMedian(rounds.map(({ collector, discard }) => discard.wallSeconds / collector.wallSeconds))
  const cpuRatio = computeMedian(rounds.map(({ collector, discard }) => discard.cpuSeconds / collector.cpuSeconds))
  return [
    {
      name: 'ingest over HTTP, one event a request',
      figure: `${toWords(wall('collector'))} requests/s`,
      reference: `a bare node:http that answers: ${toWords(wall('discard'))}; by CPU-seconds of all threads ${cpuRatio.toFixed(2)} of it`,
      ratio,
      mark: `≥ ${SINGLES_RATIO_MARK} and ≥ ${toWords(SINGLES_MARK)}/s`,
      ok: ratio >= SINGLES_RATIO_MARK && wall('collector') >= SINGLES_MARK,
    },
  ]
}

const SERVERS = ['parse', 'collector', 'discard'] as const
type Server = (typeof SERVERS)[number]
type Cost = { cpuSeconds: number; wallSeconds: number }
type Load = Omit<Send, 'port'>

type Servers = AsyncDisposable & {
  collector: Child
  send(to: Server, load: Load): Promise<Sent>
  measureRounds(load: Load, servers?: readonly Server[]): Promise<Record<Server, Cost>[]>
  /** Throws unless the collector stored all that it was sent. */
  check(): Promise<void>
}

async function openServers(folder: string, prepare: Prepare): Promise<Servers> {
  const children: Record<Server, Child> = { parse: await startChild('serve-bare.ts', ['parse']), discard: await startChild('serve-bare.ts', ['discard']), collector: await startChild('serve-collector.ts', [folder]) }
  const sender = await startChild('send-load.ts')
  await sender.ask(prepare)
  let taken = 0
  const send = async (to: Server, load: Load): Promise<Sent> => {
    const { port } = await children[to].ask<{ port: number }>({})
    if (to === 'collector') taken += load.requests * prepare.batchEvents
    return sender.ask<Sent>({ ...load, port })
  }
  const measure = async (to: Server, load: Load): Promise<Cost> => {
    const before = await children[to].ask<Usage>({ usage: true })
    const { wallSeconds } = await send(to, load)
    const after = await children[to].ask<Usage>({ usage: true })
    return { cpuSeconds: after.cpuSeconds - before.cpuSeconds, wallSeconds }
  }
  return {
    collector: children.collector,
    send,
    async measureRounds(load, servers = SERVERS) {
      const rounds: Record<Server, Cost>[] = []
      for (let round = 0; round <= ROUNDS; round += 1) {
        const costs: [Server, Cost][] = []
        // Whoever comes second may find the machine busier: they take turns at that, too.
        for (const server of round % 2 === 0 ? servers : servers.toReversed()) costs.push([server, await measure(server, load)])
        if (round > 0) rounds.push(Object.fromEntries(costs) as Record<Server, Cost>)
      }
      return rounds
    },
    async check() {
      const { delivered } = await children.collector.ask<{ delivered: number }>({})
      if (delivered !== taken) throw new Error(`The collector was sent ${taken} events and stored ${delivered}.`)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([sender, ...Object.values(children)].map((child) => child.end()))
    },
  }
}

function toWords(count: number): string {
  return Math.round(count).toLocaleString('en')
}
