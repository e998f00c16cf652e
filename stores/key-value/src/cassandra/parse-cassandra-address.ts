// From "cassandra://user:password@host:port,host/keyspace?…" to what the client library wants.
import { hidePassword } from '@rondo/errors'
import { readNumber, refuseUnknown, type Fail } from '../engine/address-parameters.ts'
import { errors } from '../errors.ts'

/** Levels that read and write alike. A quorum, or all, makes a reported write seen by the next read. */
const CONSISTENCIES = { 'one': 'one', 'local_one': 'localOne', 'quorum': 'quorum', 'local_quorum': 'localQuorum', 'all': 'all' } as const
const PARAMETERS = ['datacenter', 'consistency', 'replication', 'tls', 'timeoutMs', 'giveUpAfterMs']
const DEFAULT_PORT = 9042

export type CassandraSettings = {
  /** The address without its password and parameters, for messages. */
  shown: string
  /** "host:port" */
  contactPoints: string[]
  /** Host names of the address, one of which a certificate must carry. */
  hosts: string[]
  /** Of nodes that the cluster names itself. */
  port: number
  credentials: { username: string; password: string } | undefined
  keyspace: string
  datacenter: string
  consistency: (typeof CONSISTENCIES)[keyof typeof CONSISTENCIES]
  /** Copies in the datacenter when the keyspace has to be made; undefined: it must be there. */
  replication: number | undefined
  tls: boolean
  /** How long one request waits for its answer. */
  timeoutMs: number
  /** No further try of a call begins so long after its first. */
  giveUpAfterMs: number
}

/** Throws `BAD_STORE_ADDRESS`. */
export function parseCassandraAddress(address: string): CassandraSettings {
  const shown = hidePassword(address).replace(/\?.*$/, '')
  const fail: Fail = (reason) => {
    throw errors.badAddress({ address: hidePassword(address), reason })
  }
  const [, user, hostList = '', path = '', query = ''] = /^cassandra:\/\/(?:([^/]*)@)?([^/@?#]*)(?:\/([^?#@]*))?(?:\?([^#]*))?$/.exec(address) ?? fail('it cannot be read')
  const parameters = new URLSearchParams(query)
  refuseUnknown(parameters, PARAMETERS, fail)
  const keyspace = path.replace(/\/$/, '')
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace)) fail(keyspace === '' ? 'it has no keyspace behind its hosts' : `"${keyspace}" is no keyspace: a small letter, then small letters, digits and "_", at most 48`)
  const places = hostList.split(',').map((text) => readHost(text, fail))
  const consistency = parameters.get('consistency') ?? 'local_quorum'
  return {
    shown,
    contactPoints: places.map(({ host, port }) => `${host}:${port}`),
    hosts: places.map(({ host }) => host),
    port: places[0]?.port ?? DEFAULT_PORT,
    credentials: readCredentials(user, fail),
    keyspace,
    datacenter: readDatacenter(parameters, fail),
    consistency: isConsistency(consistency) ? CONSISTENCIES[consistency] : fail(`consistency="${consistency}" must be one of ${Object.keys(CONSISTENCIES).join(', ')}`),
    replication: readNumber(parameters, 'replication', fail),
    tls: readSwitch(parameters, 'tls', fail) ?? false,
    timeoutMs: readNumber(parameters, 'timeoutMs', fail) ?? 12_000,
    giveUpAfterMs: readNumber(parameters, 'giveUpAfterMs', fail) ?? 30_000,
  }
}

function isConsistency(text: string): text is keyof typeof CONSISTENCIES {
  return Object.hasOwn(CONSISTENCIES, text)
}

function readHost(text: string, fail: Fail): { host: string; port: number } {
  const [, host = '', port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? fail(text === '' ? 'it has no host' : `"${text}" is no host`)
  const number = Number(port ?? DEFAULT_PORT)
  return number > 0 && number < 65_536 ? { host, port: number } : fail(`"${text}" has no port that can be`)
}

function readCredentials(text: string | undefined, fail: Fail): CassandraSettings['credentials'] {
  if (text === undefined) return undefined
  const [, username = '', password = ''] = /^([^:]+):(.+)$/.exec(text) ?? fail('it has a user without a password; write both, or none')
  return { username: decode(username, fail), password: decode(password, fail) }
}

function readDatacenter(parameters: URLSearchParams, fail: Fail): string {
  const name = parameters.get('datacenter') ?? 'datacenter1'
  return /^[\w.-]+$/.test(name) ? name : fail(`datacenter="${name}" is no name: letters, digits, "_", "-" and "."`)
}

function readSwitch(parameters: URLSearchParams, name: string, fail: Fail): boolean | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  return text === '0' || text === '1' ? text === '1' : fail(`${name}="${text}" must be 0 or 1`)
}

function decode(text: string, fail: Fail): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('a "%" in it is followed by no two digits; write %25 for the sign itself')
  }
}
