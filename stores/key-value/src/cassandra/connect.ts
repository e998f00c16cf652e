// Opens the client, and asks once what must hold before the store is used.
import { checkServerIdentity } from 'node:tls'
import type { Client, types } from 'cassandra-driver'
import { ANSWERS_WITHIN_MS } from '../engine/calls.ts'
import { untilAnswered } from '../engine/until-answered.ts'
import { errors } from '../errors.ts'
import { isDatacenterUnknown, toCassandraError, toReason } from './cassandra-failure.ts'
import { prepareEnd } from './end-client.ts'
import type { CassandraLibrary } from './load-cassandra.ts'
import type { CassandraSettings } from './parse-cassandra-address.ts'

export type Connected = { client: Client; shutDown(): Promise<void> }

const LEAST_MAJOR = 4
/** Clocks that are set by NTP differ by milliseconds. */
const APART_MS = 10_000
/** An engine that answers does so within this, for each host of the address. */
const CONNECT_MS = ANSWERS_WITHIN_MS
/** Idle connections are kept alive by the operating system. The library's own heartbeat costs a timer a request, and one that it sets while it closes outlives the store. */
const KEEP_ALIVE_MS = 30_000
const RECONNECT_MS = { first: 100, longest: 5_000 }

/** Throws `KEY_VALUE_UNREACHABLE`, `LOGIN_REFUSED`, `KEY_VALUE_TOO_OLD`, `CLOCKS_APART`, `BAD_STORE_ADDRESS`. */
export async function connect(library: CassandraLibrary, settings: CassandraSettings, machineNowMs: () => number): Promise<Connected> {
  const { shown, datacenter, timeoutMs, contactPoints } = settings
  const client = new library.Client(toClientOptions(library, settings))
  const shutDown = prepareEnd(client, library.Connection, { timeoutMs, connectMs: CONNECT_MS })
  const withinMs = Math.min(CONNECT_MS, timeoutMs) * contactPoints.length
  const open = async (): Promise<void> => {
    await client.connect()
    checkVersions(client, shown)
    await checkClock(client, shown, machineNowMs)
  }
  try {
    await untilAnswered(open(), withinMs, shown)
    return { client, shutDown }
  } catch (thrown) {
    await shutDown()
    if (isDatacenterUnknown(thrown)) throw errors.badAddress({ address: shown, reason: `datacenter=${datacenter} is none of the cluster's (${toReason(thrown)})` }, thrown)
    throw toCassandraError(thrown, shown)
  }
}

export function toClientOptions(library: CassandraLibrary, settings: CassandraSettings): ConstructorParameters<CassandraLibrary['Client']>[0] {
  const { policies, types, auth } = library
  return {
    applicationName: 'rondo',
    contactPoints: settings.contactPoints,
    protocolOptions: { port: settings.port },
    ...(settings.credentials === undefined ? {} : { authProvider: new auth.PlainTextAuthProvider(settings.credentials.username, settings.credentials.password) }),
    ...(settings.tls ? { sslOptions: { rejectUnauthorized: true, checkServerIdentity: (host, certificate) => checkHosts([host, ...settings.hosts], certificate) } } : {}),
    socketOptions: { connectTimeout: CONNECT_MS, readTimeout: settings.timeoutMs, keepAliveDelay: KEEP_ALIVE_MS },
    pooling: { heartBeatInterval: 0 },
    policies: {
      // By token, in this datacenter. Were its name given as an option, the library would leave a connection behind when there is no such datacenter.
      loadBalancing: new policies.loadBalancing.DefaultLoadBalancingPolicy({ localDc: settings.datacenter }),
      // A node that comes back is found within seconds; the library's own longest pause is ten minutes.
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(RECONNECT_MS.first, RECONNECT_MS.longest, true),
    },
    queryOptions: {
      prepare: true,
      consistency: types.consistencies[settings.consistency],
      serialConsistency: settings.consistency.startsWith('local') ? types.consistencies.localSerial : types.consistencies.serial,
    },
  }
}

/** Nodes are reached by numbers, certificates carry names: one of those in the address has to be there. */
function checkHosts(hosts: string[], certificate: Parameters<typeof checkServerIdentity>[1]): Error | undefined {
  const mistakes = hosts.map((host) => checkServerIdentity(host, certificate))
  return mistakes.includes(undefined) ? undefined : mistakes[0]
}

function checkVersions(client: Client, shown: string): void {
  for (const { cassandraVersion } of client.hosts.values()) {
    if (cassandraVersion && Number.parseInt(cassandraVersion) < LEAST_MAJOR) throw errors.tooOld({ shown, engine: 'Cassandra', version: cassandraVersion, least: `${LEAST_MAJOR}.0` })
  }
}

async function checkClock(client: Client, shown: string, machineNowMs: () => number): Promise<void> {
  const beforeMs = machineNowMs()
  const { rows } = await client.execute('SELECT toUnixTimestamp(now()) AS now_ms FROM system.local', [], { prepare: false, isIdempotent: true })
  const afterMs = machineNowMs()
  const serverMs = (rows[0]?.['now_ms'] as types.Long | undefined)?.toNumber() ?? beforeMs
  const apartMs = Math.max(beforeMs - serverMs, serverMs - afterMs)
  if (apartMs > APART_MS) throw errors.clocksApart({ shown, apartMs })
}
