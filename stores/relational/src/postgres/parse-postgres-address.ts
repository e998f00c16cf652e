// From "postgres://user:password@host:port/database?…" to what the client library and the sessions want.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { hidePassword } from '@rondo/errors'
import { errors } from '../errors.ts'

export type PostgresSettings = {
  /** The address without its password, for messages. */
  shown: string
  host: string
  port: number
  user: string
  password: string | undefined
  database: string
  /** Everything of this store is in it. */
  schema: string
  /** Connections at most. */
  pool: number
  connectTimeoutMs: number
  statementTimeoutMs: number
  lockTimeoutMs: number
  idleTransactionTimeoutMs: number
  tls: ConnectionOptions | false
}

type Numbers = 'pool' | 'connectTimeoutMs' | 'statementTimeoutMs' | 'lockTimeoutMs' | 'idleTransactionTimeoutMs'

const NUMBERS: Record<Numbers, { otherwise: number; from: number; to: number }> = {
  // Two at least: what a transaction reads past itself needs a connection of its own.
  pool: { otherwise: 5, from: 2, to: 1_000 },
  connectTimeoutMs: { otherwise: 5_000, from: 1, to: 600_000 },
  statementTimeoutMs: { otherwise: 30_000, from: 1, to: 3_600_000 },
  lockTimeoutMs: { otherwise: 10_000, from: 1, to: 3_600_000 },
  idleTransactionTimeoutMs: { otherwise: 60_000, from: 1, to: 3_600_000 },
}
const TEXTS = ['schema', 'sslmode', 'sslrootcert']
const SSL_MODES = ['disable', 'require', 'verify-full']

/** `name`: whose database it is; it becomes the schema, after the one that the address names. Throws `BAD_STORE_ADDRESS`. */
export function parsePostgresAddress(address: string, name: string | undefined): PostgresSettings {
  const url = parseUrl(address)
  const shown = `postgres://${url.username}${url.username === '' ? '' : '@'}${url.host}${url.pathname}`
  const fail = (reason: string): never => {
    throw errors.badAddress({ address: shown, reason })
  }
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '' || database.includes('/')) fail('it must end in the name of one database')
  if (url.username === '') fail('it must name a user')
  for (const parameter of url.searchParams.keys()) {
    if (!Object.hasOwn(NUMBERS, parameter) && !TEXTS.includes(parameter)) fail(`it has no parameter "${parameter}", but ${[...TEXTS, ...Object.keys(NUMBERS)].join(', ')}`)
  }
  const number = (parameter: Numbers): number => {
    const { otherwise, from, to } = NUMBERS[parameter]
    const text = url.searchParams.get(parameter)
    if (text === null) return otherwise
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    return value >= from && value <= to ? value : fail(`${parameter}="${text}" must be a whole number from ${from} to ${to}`)
  }
  const schema = [url.searchParams.get('schema'), name?.replaceAll('-', '_')].filter((part) => part !== null && part !== undefined).join('_') || 'public'
  // So that it needs no quotes wherever it goes, and is not one of the engine's own.
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith('pg_')) fail(`"${schema}" is no name of a schema: small letters, digits and "_", at most 63`)
  return {
    shown,
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database,
    schema,
    pool: number('pool'),
    connectTimeoutMs: number('connectTimeoutMs'),
    statementTimeoutMs: number('statementTimeoutMs'),
    lockTimeoutMs: number('lockTimeoutMs'),
    idleTransactionTimeoutMs: number('idleTransactionTimeoutMs'),
    tls: toTls(url.searchParams.get('sslmode'), url.searchParams.get('sslrootcert'), fail),
  }
}

function parseUrl(address: string): URL {
  const url = URL.parse(address)
  if (url === null || !/^postgres(ql)?:\/\//.test(address)) throw errors.badAddress({ address: hidePassword(address), reason: 'it must look like postgres://user:password@host:5432/database' })
  return url
}

/** As libpq reads them: "require" encrypts and trusts whoever answers, "verify-full" asks for a certificate of that host. */
function toTls(mode: string | null, rootCertificate: string | null, fail: (reason: string) => never): ConnectionOptions | false {
  if (mode !== null && !SSL_MODES.includes(mode)) fail(`sslmode="${mode}" must be one of ${SSL_MODES.join(', ')}`)
  if (rootCertificate !== null && mode !== 'verify-full') fail('sslrootcert says something only with sslmode=verify-full')
  if (mode === null || mode === 'disable') return false
  if (mode === 'require') return { rejectUnauthorized: false }
  try {
    return { rejectUnauthorized: true, ...(rootCertificate === null ? {} : { ca: readFileSync(rootCertificate, 'utf8') }) }
  } catch (thrown) {
    return fail(`sslrootcert="${rootCertificate ?? ''}" cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
