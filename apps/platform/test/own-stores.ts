// Stores on engines that other tests use too: under names of their own, removed at the end with all that is in them.
import { randomBytes } from 'node:crypto'
import { Admin } from '@platformatic/kafka'
import { openObjects } from '@rondo/objects'
import { openRelational } from '@rondo/relational'
import { engineUrl } from '@rondo/tools/engines'
import { Client } from 'cassandra-driver'
import { sql, type Kysely } from 'kysely'
import type { StoreAddresses } from 'rondo'
import { createHouseCtx } from '../src/platform.ts'

/** Addresses of the engines that a house stands on. */
export type HouseEngines = { kafka: string; postgres: string; s3: string; cassandra: string }

export type OwnStores = AsyncDisposable & {
  stores: StoreAddresses
  /** The same, as `rondo.distributed.config.ts` reads it. */
  env: Record<string, string>
}

/** Those that run, or why nothing can be tested. */
export function findHouseEngines(): { engines: HouseEngines; skip: string | false } {
  const [kafka, postgres, s3, cassandra] = [engineUrl('kafka'), engineUrl('postgres'), engineUrl('s3'), engineUrl('cassandra')]
  return { engines: { kafka: kafka.url, postgres: postgres.url, s3: s3.url, cassandra: cassandra.url }, skip: [kafka, postgres, s3, cassandra].map(({ skip }) => skip).find((skip) => skip !== false) ?? false }
}

/** `await using own = await makeOwnStores(engines)` */
export async function makeOwnStores(engines: HouseEngines): Promise<OwnStores> {
  const name = `house_${randomBytes(5).toString('hex')}`
  await onServer(engines.postgres, name, (db) => sql`create database ${sql.id(name)}`.execute(db))
  const stores = nameStores(engines, name)
  return {
    stores,
    env: toVariables(stores),
    async [Symbol.asyncDispose]() {
      await onServer(engines.postgres, name, (db) => sql`drop database ${sql.id(name)} with (force)`.execute(db))
      await removeTopics(engines.kafka, `${name}.`)
      await removeObjects(stores.objects)
      await dropKeyspace(engines.cassandra, name)
    },
  }
}

/** The database is there already; topics, prefix and keyspace come into being by use. */
export function nameStores(engines: HouseEngines, name: string): Required<StoreAddresses> {
  const [database, bucket, keyspace] = [new URL(engines.postgres), new URL(engines.s3), new URL(engines.cassandra)]
  database.pathname = `/${name}`
  bucket.pathname += `/${name}`
  return { eventLog: `${engines.kafka}/?prefix=${name}.`, relational: database.href, keyValue: `cassandra://${keyspace.host}/${name}?replication=1`, objects: bucket.href, analytics: 'duckdb:' }
}

export function toVariables(stores: Required<StoreAddresses>): Record<string, string> {
  return { RONDO_EVENT_LOG: stores.eventLog, RONDO_RELATIONAL: stores.relational, RONDO_KEY_VALUE: stores.keyValue, RONDO_OBJECTS: stores.objects }
}

async function onServer(url: string, schema: string, work: (db: Kysely<never>) => Promise<unknown>): Promise<void> {
  const server = await openRelational<never>(`${url}?schema=${schema}`)
  try {
    await work(server.db)
    await sql`drop schema ${sql.id(schema)} cascade`.execute(server.db)
  } finally {
    await server.close()
  }
}

async function removeTopics(url: string, prefix: string): Promise<void> {
  const admin = new Admin({ clientId: 'rondo-test', bootstrapBrokers: [new URL(url).host] })
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
  } finally {
    await admin.close()
  }
}

async function removeObjects(url: string): Promise<void> {
  const [objects, ctx] = [await openObjects(url), createHouseCtx()]
  for (const { key } of await objects.list('', {}, ctx)) await objects.delete(key, ctx)
  await objects.close()
}

async function dropKeyspace(url: string, name: string): Promise<void> {
  const client = new Client({ contactPoints: [new URL(url).host], localDataCenter: 'datacenter1', socketOptions: { readTimeout: 60_000 } })
  try {
    await client.execute(`DROP KEYSPACE IF EXISTS ${name}`)
  } finally {
    await client.shutdown()
  }
}
