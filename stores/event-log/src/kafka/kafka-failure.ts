// What a failed exchange with Kafka means: whether trying again may help, and how it is told.
import { AppError, findCertificateRefusal } from '@rondo/errors'
import { errors } from '../errors.ts'
import type { KafkaAddress } from './parse-kafka-address.ts'

export const ENGINE = 'Kafka'

/** Codes of the protocol (kafka.apache.org/protocol#protocol_error_codes) that this driver tells apart. */
export const CODE = {
  /** Nobody foresaw it, the broker neither. */
  unknown: -1,
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  messageTooLarge: 10,
  recordListTooLarge: 18,
  topicExists: 36,
  invalidConfig: 40,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  invalidProducerIdMapping: 49,
  unknownProducerId: 59,
  storageFailed: 56,
  offsetNotAvailable: 78,
} as const

/** Leaders that move, coordinators that load, replicas that lag, a topic that not every broker knows yet. */
const PASSING: ReadonlySet<number> = new Set([CODE.unknownTopic, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, CODE.storageFailed, 72, 74, 75, 77, CODE.offsetNotAvailable, 89, 100, 103])

export function isPassing(code: number): boolean {
  return PASSING.has(code)
}

/** Thrown for a code of an answer that this driver reads itself. */
export class KafkaCodeError extends Error {
  readonly apiCode: number
  constructor(apiCode: number, message: string) {
    super(message)
    this.apiCode = apiCode
  }
}

/** All error codes of an answer; none when there was no answer. */
export function codesOf(thrown: unknown): number[] {
  return [...walk(thrown)].flatMap((error) => ('apiCode' in error && typeof error.apiCode === 'number' ? [error.apiCode] : []))
}

/** Trying again may help: nothing was answered, or the answer is one of a state that passes. */
export function mayPass(thrown: unknown): boolean {
  if (isSignInRefused(thrown) || findCertificateRefusal(thrown) !== undefined) return false
  const codes = codesOf(thrown)
  if (codes.length > 0) return codes.every(isPassing)
  return [...walk(thrown)].some(isNetworkError)
}

const NETWORK_CODES: ReadonlySet<string> = new Set(['PLT_KFK_NETWORK', 'PLT_KFK_TIMEOUT'])

/** `what` completes "refused to …". */
export function toLogError(thrown: unknown, address: KafkaAddress, what: string): AppError {
  if (thrown instanceof AppError) return thrown
  const place = { engine: ENGINE, address: address.shown }
  if (isSignInRefused(thrown)) return errors.signInRefused({ ...place, user: address.user?.name ?? '', reason: describe(thrown) }, thrown)
  const refusal = findCertificateRefusal(thrown)
  if (refusal !== undefined) return errors.certificateRefused({ ...place, reason: refusal }, thrown)
  if (codesOf(thrown).length > 0 && !mayPass(thrown)) return errors.engineRefused({ ...place, what, reason: describe(thrown) }, thrown)
  return errors.unavailable({ ...place, reason: describe(thrown) }, thrown)
}

/** The innermost words, which say most. */
export function describe(thrown: unknown): string {
  const said = [...walk(thrown)].map((error) => ('serverErrorMessage' in error && typeof error.serverErrorMessage === 'string' ? error.serverErrorMessage : error.message)).filter((text) => text !== '')
  return (said.at(-1) ?? String(thrown)).replace(/\.$/, '')
}

/** A connection that ends while somebody signs in is no answer to who they are. */
function isSignInRefused(thrown: unknown): boolean {
  const refused = [...walk(thrown)].find((error) => 'code' in error && error.code === 'PLT_KFK_AUTHENTICATION')
  return refused !== undefined && ![...walk(refused.cause)].some(isNetworkError)
}

function isNetworkError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && (NETWORK_CODES.has(error.code) || /^E[A-Z]+$/.test(error.code))
}

function* walk(thrown: unknown): Generator<Error> {
  if (!(thrown instanceof Error)) return
  yield thrown
  if (thrown instanceof AggregateError) for (const inner of thrown.errors) yield* walk(inner)
  yield* walk(thrown.cause)
}
