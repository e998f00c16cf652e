// The scales of objects on S3: what a call costs this process, beside the bare client library doing the same in the same run.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createCtx } from '@rondo/context'
import { openObjects, type Objects } from '@rondo/objects'
import { engineUrl } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'

const TURNS = 6
const SMALL = Buffer.alloc(4096, 7)
const LARGE = Buffer.alloc(4 * 2 ** 20, 3)
/** Our overhead at most 15 %. */
const MARK = 1 / 1.15

type Call = (index: number) => Promise<unknown>
type Row = { name: string; calls: number; atOnce: number; ours: Call; bare: Call }
type Cost = { cpuSeconds: number; latenciesMs: number[] }

/** Ours and the bare client take turns, because a machine that others use is another one a second later; figures are sums over all turns. */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('s3')
  if (skip !== false) return [{ name: 's3', figure: skip }]
  const prefix = `bench-${process.pid}`
  const objects = await openObjects(`${url.replace('?', `/${prefix}?`)}`)
  const client = openBare(url)
  try {
    const results: BenchResult[] = []
    for (const row of makeRows(objects, client, new URL(url).pathname.slice(1), prefix, small)) results.push(...(await compare(row)))
    return results
  } finally {
    await clear(objects)
    await objects.close()
    client.destroy()
  }
}

function openBare(url: string): S3Client {
  const { username, password, host, searchParams } = new URL(url)
  return new S3Client({
    endpoint: `http://${host}`,
    region: searchParams.get('region') ?? 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) },
  })
}

function makeRows(objects: Objects, client: S3Client, Bucket: string, prefix: string, small: boolean): Row[] {
  const ctx = createCtx()
  const many = small ? 30 : 300
  const few = small ? 3 : 12
  const place = (key: string): { Bucket: string; Key: string } => ({ Bucket, Key: `${prefix}/${key}` })
  const read = async (key: string): Promise<unknown> => (await client.send(new GetObjectCommand(place(key)))).Body?.transformToByteArray()
  return [
    { name: 'put 4 KiB', calls: many, atOnce: 8, ours: (at) => objects.put(`small/${at}`, SMALL, {}, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`small/${at}`), Body: SMALL })) },
    { name: 'put 4 KiB if absent (taken)', calls: many, atOnce: 8, ours: (at) => objects.put(`small/${at}`, SMALL, { ifAbsent: true }, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`small/${at}`), Body: SMALL, IfNoneMatch: '*' })).catch(() => false) },
    { name: 'get 4 KiB', calls: many, atOnce: 8, ours: (at) => objects.get(`small/${at}`, {}, ctx), bare: (at) => read(`small/${at}`) },
    { name: 'find', calls: many, atOnce: 8, ours: (at) => objects.find(`small/${at}`, ctx), bare: (at) => client.send(new HeadObjectCommand(place(`small/${at}`))) },
    { name: `list ${many} keys`, calls: few, atOnce: 2, ours: () => objects.list('small/', {}, ctx), bare: () => client.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/small/` })) },
    { name: 'put 4 MiB', calls: few, atOnce: 4, ours: (at) => objects.put(`large/${at}`, LARGE, {}, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`large/${at}`), Body: LARGE })) },
    { name: 'get 4 MiB, checked', calls: few, atOnce: 4, ours: (at) => objects.get(`large/${at}`, {}, ctx), bare: (at) => read(`large/${at}`) },
  ]
}

async function compare({ name, calls, atOnce, ours, bare }: Row): Promise<BenchResult[]> {
  const costs: [Cost, Cost] = [{ cpuSeconds: 0, latenciesMs: [] }, { cpuSeconds: 0, latenciesMs: [] }]
  // The first turn is thrown away: the engine still compiles it.
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [at, call] of [ours, bare].entries()) {
      const cost = await measure(call, calls, atOnce)
      const sum = costs[at]
      if (turn === 0 || sum === undefined) continue
      sum.cpuSeconds += cost.cpuSeconds
      sum.latenciesMs.push(...cost.latenciesMs)
    }
  }
  const [mine, theirs] = costs
  const ratio = theirs.cpuSeconds / mine.cpuSeconds
  const p99 = (cost: Cost): string => (cost.latenciesMs.toSorted((a, b) => a - b)[Math.floor(cost.latenciesMs.length * 0.99)] ?? 0).toFixed(1)
  return [
    { name: `s3: ${name}`, figure: `${Math.round((TURNS * calls) / mine.cpuSeconds).toLocaleString('en')} calls per CPU-second, p99 ${p99(mine)} ms`, ratio, reference: `@aws-sdk/client-s3 alone, p99 ${p99(theirs)} ms`, mark: '≥ 0.87', ok: ratio >= MARK },
  ]
}

async function measure(call: Call, calls: number, atOnce: number): Promise<Cost> {
  const latenciesMs: number[] = []
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < calls) {
      const at = next
      next += 1
      const startMs = performance.now()
      await call(at)
      latenciesMs.push(performance.now() - startMs)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, caller))
  const { user, system } = process.cpuUsage(before)
  return { cpuSeconds: (user + system) / 1e6, latenciesMs }
}

async function clear(objects: Objects): Promise<void> {
  const ctx = createCtx()
  const rows = await objects.list('', { limit: 100_000 }, ctx)
  await Promise.all(rows.map(({ key }) => objects.delete(key, ctx)))
}
