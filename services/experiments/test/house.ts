// The service in a house of its own: real database, real SQL engine over Parquet in a temporary folder, a clock that stands still.
import { openAnalytics, type Analytics, type Table } from '@rondo/analytics'
import { createCtx, type Principal } from '@rondo/context'
import { createLocalClient, type Api, type Contract, type RawRequest, type RawResponse, type Service } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { createIds } from '@rondo/ids'
import { createRandom } from '@rondo/random'
import type { Relational } from '@rondo/relational'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, toIsoDate, type ManualClock } from '@rondo/time'
import { experimentsContract, type ExperimentDefinition, type ExperimentsContract, type FlagDefinition, type MetricDefinition } from '../src/contract.ts'
import { createExperimentsService, type ExperimentsDatabase } from '../src/index.ts'

export const START_MS = Date.parse('2026-09-07T09:00:00Z')
export const admin = createCtx({ principal: { kind: 'admin', name: 'ines' } })

export type Exposure = { unit: string; variant: string; atMs: number; flag?: string; rule: string }
export type MetricDay = { userId: string; day: string; minutes: number; saves: number }

export type House = AsyncDisposable & {
  clock: ManualClock
  wallClock: ManualClock
  relational: Relational<ExperimentsDatabase>
  service: Service<ExperimentsContract>
  api: Api<ExperimentsContract>
  /** What the data rooms hold; read at each query. */
  exposures: Exposure[]
  metricDays: MetricDay[]
  /** Exposures by hour, as events counts them. */
  exposedHours: { hour: string; accepted: number }[]
  /** Days of user-metrics-daily that pipelines calls published. */
  published: Set<string>
  /** Runs jobs until none has work. */
  settle(): Promise<number>
  call(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<RawResponse & { json: Record<string, unknown> }>
  /** The same database behind a new service. */
  restart(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const wallClock = createManualClock(Date.parse('2031-01-01T00:00:00Z'))
  const relational = await openTestDatabase<ExperimentsDatabase>(folder.path, 'experiments')
  const analytics = await openAnalytics('duckdb:', { folders: [folder.path] })
  const data = { exposures: [] as Exposure[], metricDays: [] as MetricDay[], exposedHours: [] as House['exposedHours'], published: new Set<string>() }
  const fail = (message: string, fields?: Record<string, unknown>): never => {
    throw new Error(`${message} ${JSON.stringify(fields)}`)
  }
  const log = { debug: () => undefined, info: () => undefined, warn: fail, error: fail }
  const ids = createIds(clock, createRandom(1))
  const create = () =>
    createExperimentsService({ clock, wallClock, ids, log, relational, peer: createPeer(analytics, folder.join('data'), data), account: 'confidence-test', authenticate: async (secret, kinds) => findPrincipal(secret, kinds) })
  let service = await create()
  const house: House = {
    clock,
    wallClock,
    relational,
    ...data,
    service,
    api: createLocalClient(experimentsContract, service.api),
    async settle() {
      let total = 0
      for (;;) {
        let done = 0
        for (const job of house.service.jobs ?? []) done += await job.run(createCtx())
        if (done === 0) return total
        total += done
      }
    },
    async call(path, body, headers = { authorization: 'Bearer client-web' }) {
      const key = /^\/ofrep\/v1\/evaluate\/flags\/(.+)$/.exec(path)?.[1]
      const route = house.service.raw?.find((raw) => raw.path === (key === undefined ? path : '/ofrep/v1/evaluate/flags/{key}'))
      if (route === undefined) throw new Error(`no route for ${path}`)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const request: RawRequest = { method: 'POST', url: path, params: key === undefined ? {} : { key: decodeURIComponent(key) }, query: new URLSearchParams(), headers, body: Buffer.from(text) }
      const response = await route.handle(request, createCtx())
      return { ...response, json: typeof response.body === 'string' && response.body !== '' ? (JSON.parse(response.body) as Record<string, unknown>) : {} }
    },
    async restart() {
      await house.service.close()
      service = await create()
      house.service = service
      house.api = createLocalClient(experimentsContract, service.api)
    },
    async [Symbol.asyncDispose]() {
      await house.service.close()
      await analytics.close()
      await relational.close()
      await folder[Symbol.asyncDispose]()
    },
  }
  return house
}

export function findPrincipal(secret: string, kinds: Principal['kind'][]): Principal | undefined {
  const [kind, name = ''] = secret.split('-')
  const principal: Principal | undefined = kind === 'client' || kind === 'admin' || kind === 'write' ? { kind, name } : undefined
  return principal !== undefined && kinds.includes(principal.kind) ? principal : undefined
}

/** Stands for pipelines (SQL and partitions over the house's data) and events (hours). */
function createPeer(analytics: Analytics, folder: string, data: Pick<House, 'exposures' | 'metricDays' | 'exposedHours' | 'published'>) {
  const tables = async (): Promise<Table[]> => {
    const { mkdir } = await import('node:fs/promises')
    await mkdir(folder, { recursive: true })
    const exposures = data.exposures.map(({ atMs, flag = 'shelf', ...row }) => ({ flag, ...row, occurredAt: new Date(atMs).toISOString().slice(0, 23).replace('T', ' ') }))
    const write = async (name: string, shape: Record<string, string>, rows: unknown[]): Promise<Table> => {
      const path = `${folder}/${name}-${crypto.randomUUID()}.parquet`
      await analytics.writeParquet('select unnest(from_json($1, $2), recursive := true)', path, { params: [JSON.stringify(rows), JSON.stringify([shape])] }, createCtx())
      return { name, files: [path] }
    }
    return [
      await write('flag-exposed', { flag: 'VARCHAR', variant: 'VARCHAR', unit: 'VARCHAR', rule: 'VARCHAR', occurredAt: 'TIMESTAMP' }, exposures),
      await write('user-metrics-daily', { userId: 'VARCHAR', day: 'VARCHAR', minutes: 'DOUBLE', saves: 'BIGINT' }, data.metricDays.filter((row) => data.published.has(row.day))),
    ]
  }
  const answers: Record<string, unknown> = {
    sql: async ({ body }: { body: { sql: string; params?: string[]; maxRows?: number } }) => analytics.query(body.sql, { tables: await tables(), params: body.params ?? [], maxRows: body.maxRows ?? 10_000 }, createCtx()),
    listPartitions: async ({ name, from }: { name: string; from: string }) => {
      if (name !== 'user-metrics-daily') throw new AppError({ code: 'ENDPOINT_NOT_FOUND', kind: 'not-found', message: `No endpoint is called "${name}".` })
      return { rows: data.published.has(from) ? [{ partition: from, state: 'published', provisional: false }] : [] }
    },
    history: async () => ({ rows: data.exposedHours }),
  }
  return <C extends Contract>(_contract: C): Api<C> => answers as Api<C>
}

export const shelf: FlagDefinition = {
  key: 'shelf',
  owner: 'squad-discovery',
  schema: { type: 'object', properties: { list: { type: 'string', enum: ['popular', 'personal'] } }, required: ['list'], additionalProperties: false },
  variants: { popular: { list: 'popular' }, personal: { list: 'personal' } },
  clients: ['*'],
  rules: [{ name: 'everyone', assign: [{ variant: 'popular', share: 1 }] }],
}

export const metrics: MetricDefinition[] = [
  { name: 'minutes-listened', owner: 'squad-experimentation', description: 'Minutes per listener', type: 'mean', endpoint: 'user-metrics-daily', unit: 'userId', column: 'minutes', better: 'higher', unitLabel: 'min' },
  { name: 'savers', owner: 'squad-experimentation', description: 'Share who saved', type: 'proportion', endpoint: 'user-metrics-daily', unit: 'userId', column: 'saves', better: 'higher' },
]

export const shelfTest: ExperimentDefinition = {
  id: 'personal-shelf',
  owner: 'squad-discovery',
  hypothesis: 'A personal list is saved from more often.',
  flag: 'shelf',
  control: 'popular',
  treatments: ['personal'],
  share: 1,
  success: ['savers'],
  guardrails: [{ metric: 'minutes-listened', margin: 0.1 }],
  days: 14,
}

export async function putShelf(house: House): Promise<void> {
  await house.api.putFlag({ key: 'shelf', body: shelf }, admin)
  for (const metric of metrics) await house.api.putMetric({ name: metric.name, body: metric }, admin)
}

/** Units exposed in the first hour, with a day of metrics each; `minutes` and `saves` say how a unit of a variant behaves. */
export async function exposeUnits(house: House, units: number): Promise<Map<string, string>> {
  const { rows } = await house.api.resolveUnits({ key: 'shelf', body: { units: Array.from({ length: units }, (_, i) => `listener-${i}`) } }, admin)
  const variants = new Map<string, string>()
  for (const row of rows) {
    if (row.variant === null || row.unit === null) continue
    variants.set(row.unit, row.variant)
    house.exposures.push({ unit: row.unit, variant: row.variant, atMs: house.clock.now(), rule: row.rule ?? '' })
  }
  return variants
}

/** Ends the day: its metrics are published, and the jobs run a little after midnight. */
export async function endDay(house: House, behave: (unit: string) => { minutes: number; saves: number }, units: Iterable<string>): Promise<void> {
  const day = toIsoDate(house.clock.now())
  for (const unit of units) house.metricDays.push({ userId: unit, day, ...behave(unit) })
  house.published.add(day)
  house.clock.moveTo(Math.floor(house.clock.now() / DAY_MS) * DAY_MS + DAY_MS + 3_600_000)
  await house.settle()
}
