// The scales of objects on S3: what a call costs this process, beside the bare client library doing the same in the same run.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createCtx } from '@rondo/context'
import { openObjects, type Objects } from '@rondo/objects'
import { engineUrl } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareCalls, type Comparison } from './compare-calls.ts'

const SMALL = Buffer.alloc(4096, 7)
const LARGE = Buffer.alloc(4 * 2 ** 20, 3)

export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('s3')
  if (skip !== false) return [{ name: 's3', figure: skip }]
  const prefix = `bench-${process.pid}`
  const objects = await openObjects(`${url.replace('?', `/${prefix}?`)}`)
  const client = openBare(url)
  try {
    const results: BenchResult[] = []
    for (const row of makeRows(objects, client, new URL(url).pathname.slice(1), prefix, small)) results.push(await compareCalls({ ...row, name: `s3: ${row.name}`, client: '@aws-sdk/client-s3' }))
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

/** Calls go round the same keys. */
function makeRows(objects: Objects, client: S3Client, Bucket: string, prefix: string, small: boolean): Omit<Comparison, 'client'>[] {
  const ctx = createCtx()
  const many = small ? 30 : 300
  const few = small ? 3 : 12
  const place = (key: string): { Bucket: string; Key: string } => ({ Bucket, Key: `${prefix}/${key}` })
  const read = async (key: string): Promise<unknown> => (await client.send(new GetObjectCommand(place(key)))).Body?.transformToByteArray()
  return [
    { name: 'put 4 KiB', calls: many, atOnce: 8, ours: (at) => objects.put(`small/${at % many}`, SMALL, {}, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`small/${at % many}`), Body: SMALL })) },
    { name: 'put 4 KiB if absent (taken)', calls: many, atOnce: 8, ours: (at) => objects.put(`small/${at % many}`, SMALL, { ifAbsent: true }, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`small/${at % many}`), Body: SMALL, IfNoneMatch: '*' })).catch(() => false) },
    { name: 'get 4 KiB', calls: many, atOnce: 8, ours: (at) => objects.get(`small/${at % many}`, {}, ctx), bare: (at) => read(`small/${at % many}`) },
    { name: 'find', calls: many, atOnce: 8, ours: (at) => objects.find(`small/${at % many}`, ctx), bare: (at) => client.send(new HeadObjectCommand(place(`small/${at % many}`))) },
    { name: `list ${many} keys`, calls: few, atOnce: 2, ours: () => objects.list('small/', {}, ctx), bare: () => client.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/small/` })) },
    { name: 'put 4 MiB', calls: few, atOnce: 4, ours: (at) => objects.put(`large/${at % few}`, LARGE, {}, ctx), bare: (at) => client.send(new PutObjectCommand({ ...place(`large/${at % few}`), Body: LARGE })) },
    { name: 'get 4 MiB, checked', calls: few, atOnce: 4, ours: (at) => objects.get(`large/${at % few}`, {}, ctx), bare: (at) => read(`large/${at % few}`) },
  ]
}

async function clear(objects: Objects): Promise<void> {
  const ctx = createCtx()
  const rows = await objects.list('', { limit: 100_000 }, ctx)
  await Promise.all(rows.map(({ key }) => objects.delete(key, ctx)))
}
