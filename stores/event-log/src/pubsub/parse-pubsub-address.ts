// What the address of Pub/Sub says: the project, an emulator's place, and how much at once.
import { errors } from '../errors.ts'
import { refuseUnknown, takeParameters } from '../take-parameters.ts'

export type PubsubAddress = {
  /** For people. */
  shown: string
  project: string
  /** Host and port of an emulator, without TLS and without signing in; Google's own service when absent. */
  emulator?: string
  /** What the names of all topics and subscriptions begin with in Pub/Sub. */
  prefix: string
  /** Key, value and headers. */
  maxRecordBytes: number
  replay: boolean
  /** How long deliveries that nobody settles are kept from the others of a group. */
  holdMs: number
  /** How long a call goes on trying. */
  timeoutMs: number
}

const FORM = 'pubsub://project[?emulator=host:port&name=value&…]'
const PARAMETERS: ReadonlySet<string> = new Set(['emulator', 'prefix', 'maxRecordBytes', 'replay', 'holdMs', 'timeoutMs'])
/** A request to Google's service has at most 10 MB, one to the emulators 4 MiB; some of it is left for names and keys. */
const GOOGLE_RECORD_BYTES = 9_900_000
const EMULATOR_RECORD_BYTES = 4_000_000

/** The emulator may also be named by PUBSUB_EMULATOR_HOST, as for Google's own libraries. Throws `LOG_ADDRESS_INVALID`. */
export function parsePubsubAddress(url: string, environment: Record<string, string | undefined> = process.env): PubsubAddress {
  const refuse = (reason: string): Error => errors.badAddress({ address: url, reason, form: FORM })
  const [, project, query = ''] = /^pubsub:\/\/([^/?#]*)\/?(?:\?(.*))?$/.exec(url) ?? []
  if (project === undefined) throw refuse('it is not understood')
  const parameters = new Map(new URLSearchParams(query))
  refuseUnknown(parameters, PARAMETERS, refuse)
  const take = takeParameters(parameters, refuse)
  const emulator = take.text('emulator', environment['PUBSUB_EMULATOR_HOST'] ?? '', /^$|^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/)
  // Google's rule; "example.com:project" is the old form of a company's own.
  if (!(emulator === '' ? /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/ : /^[a-z0-9][a-z0-9.:-]{0,60}$/).test(project)) throw refuse(`"${project}" is no project`)
  return {
    shown: emulator === '' ? `pubsub://${project}` : `pubsub://${project}?emulator=${emulator}`,
    project,
    ...(emulator === '' ? {} : { emulator }),
    prefix: take.text('prefix', 'rondo.', /^$|^(?!goog)[A-Za-z][A-Za-z0-9._+-]{0,47}$/),
    maxRecordBytes: take.number('maxRecordBytes', emulator === '' ? GOOGLE_RECORD_BYTES : EMULATOR_RECORD_BYTES, 10_000, GOOGLE_RECORD_BYTES),
    replay: take.oneOf('replay', emulator === '' ? ['1', '0'] : ['0', '1']) === '1',
    holdMs: take.number('holdMs', 3_600_000, 1_000, 86_400_000),
    timeoutMs: take.number('timeoutMs', 15_000, 100, 3_600_000),
  }
}
