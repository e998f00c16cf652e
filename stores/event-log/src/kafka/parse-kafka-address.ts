// What the address of a Kafka log says: brokers, who signs in and how, and how topics are made.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hidePassword } from '@rondo/errors'
import { errors } from '../errors.ts'
import { refuseUnknown, takeParameters } from '../take-parameters.ts'

export type KafkaAddress = {
  /** Without the password, for people. */
  shown: string
  brokers: { host: string; port: number }[]
  /** `ca`: the certificate of an authority, as PEM; the machine's own when absent. */
  tls: false | { ca?: string }
  user?: { name: string; password: string; mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' }
  clientId: string
  /** What the names of all topics and groups begin with in Kafka. */
  prefix: string
  /** Copies of each new topic; -1 is the broker's usual. */
  replication: number
  /** Every append is on the disks of its brokers before it is acknowledged. */
  flush: boolean
  retention: 'caller' | 'broker'
  maxRecordBytes: number
  compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  /** How long a call goes on trying. */
  timeoutMs: number
}

const FORM = 'kafka://[user:password@]host:port[,host:port…][/?name=value&…]'
const PORT_USUAL = 9092

/** Throws `LOG_ADDRESS_INVALID`. */
export function parseKafkaAddress(url: string): KafkaAddress {
  const [, scheme, user, password, hosts = '', query = ''] = /^(kafkas?):\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?([^/?@]*)\/?(?:\?(.*))?$/.exec(url) ?? []
  const shown = hidePassword(url)
  const refuse = (reason: string): Error => errors.badAddress({ address: shown, reason, form: FORM })
  if (scheme === undefined) throw refuse('it is not understood')
  const parameters = new Map(new URLSearchParams(query))
  const take = takeParameters(parameters, refuse)
  const isEncrypted = take.oneOf('tls', scheme === 'kafkas' ? ['1', '0'] : ['0', '1']) === '1'
  const mechanism = take.oneOf('mechanism', ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
  if (user === undefined && parameters.has('mechanism')) throw refuse('"mechanism" needs a user and a password')
  if (user !== undefined && password === undefined) throw refuse(`the user "${user}" has no password`)
  const address: KafkaAddress = {
    shown,
    brokers: hosts.split(',').map((host) => parseBroker(host, refuse)),
    tls: isEncrypted && toTls(parameters.get('ca'), refuse),
    ...(user === undefined ? {} : { user: { name: decode(user, refuse), password: decode(password ?? '', refuse), mechanism } }),
    clientId: take.text('clientId', 'rondo', /^[A-Za-z0-9._-]{1,100}$/),
    prefix: take.text('prefix', '', /^[A-Za-z0-9._-]{0,48}$/),
    replication: take.number('replication', -1, 1, 32_767),
    flush: take.oneOf('flush', ['0', '1']) === '1',
    retention: take.oneOf('retention', ['caller', 'broker']),
    maxRecordBytes: take.number('maxRecordBytes', 1_000_000, 10_000, 64 * 1024 * 1024),
    compression: take.oneOf('compression', ['none', 'gzip', 'snappy', 'lz4', 'zstd']),
    timeoutMs: take.number('timeoutMs', 15_000, 100, 3_600_000),
  }
  if (!isEncrypted && parameters.has('ca')) throw refuse('"ca" says something only with TLS')
  refuseUnknown(parameters, PARAMETERS, refuse)
  return address
}

const PARAMETERS: ReadonlySet<string> = new Set(['tls', 'ca', 'mechanism', 'clientId', 'prefix', 'replication', 'flush', 'retention', 'maxRecordBytes', 'compression', 'timeoutMs'])

function toTls(file: string | undefined, refuse: (reason: string) => Error): { ca?: string } {
  if (file === undefined) return {}
  try {
    return { ca: readFileSync(file, 'utf8') }
  } catch (error) {
    throw refuse(`ca "${file}" cannot be read (${error instanceof Error ? error.message : String(error)})`)
  }
}

function parseBroker(text: string, refuse: (reason: string) => Error): { host: string; port: number } {
  const [, bracketed, plain, port = String(PORT_USUAL)] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) throw refuse(`"${text}" is no host and port`)
  if (Number(port) < 1 || Number(port) > 65_535) throw refuse(`"${port}" is no port`)
  return { host, port: Number(port) }
}

function decode(text: string, refuse: (reason: string) => Error): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse('user or password are not percent-encoded')
  }
}
