// Kafka's error codes that are given here, and which of them an error of ours is.
import { toAppError } from '@rondo/errors'

export const CODE = {
  unknown: -1,
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopic: 3,
  requestTimedOut: 7,
  messageTooLarge: 10,
  coordinatorNotAvailable: 15,
  badAcks: 21,
  illegalGeneration: 22,
  inconsistentProtocol: 23,
  invalidGroup: 24,
  unknownMember: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  topicForbidden: 29,
  groupForbidden: 30,
  clusterForbidden: 31,
  unsupportedMechanism: 33,
  illegalSaslState: 34,
  unsupportedVersion: 35,
  invalidRequest: 42,
  oldMessageFormat: 43,
  outOfOrderSequence: 45,
  invalidProducerEpoch: 47,
  transactionForbidden: 53,
  storageFailed: 56,
  signInFailed: 58,
  unknownProducer: 59,
  nonEmptyGroup: 68,
  groupNotFound: 69,
  noSession: 70,
  unsupportedCompression: 76,
  memberIdRequired: 79,
  groupFull: 81,
  fencedInstance: 82,
  invalidRecord: 87,
  unknownTopicId: 100,
} as const

export type Code = (typeof CODE)[keyof typeof CODE]

/** What is to be answered with a code of its own and a sentence. */
export class FaceError extends Error {
  readonly code: Code

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}

/** The code that makes a client do the right thing: try again what may pass, and give up what never will. */
export function toCode(thrown: unknown): { code: Code; message: string; retryAfterMs?: number } {
  if (thrown instanceof FaceError) return { code: thrown.code, message: thrown.message }
  const { kind, code, message, details } = toAppError(thrown)
  if (code === 'TOPIC_NOT_FOUND' || code === 'PARTITION_NOT_FOUND') return { code: CODE.unknownTopic, message }
  if (code === 'LOG_CORRUPT' || code === 'LOG_BATCH_CORRUPT') return { code: CODE.corruptMessage, message }
  switch (kind) {
    case 'storage-full':
    case 'unavailable':
    case 'cancelled':
      return { code: CODE.storageFailed, message }
    case 'limited':
      // Clients try this again, and later when the answer says that they are throttled.
      return { code: CODE.requestTimedOut, message, retryAfterMs: Number(details['retryAfterS'] ?? 1) * 1000 }
    case 'too-large':
      return { code: CODE.messageTooLarge, message }
    case 'invalid':
      return { code: CODE.invalidRecord, message }
    case 'forbidden':
    case 'unauthenticated':
      return { code: CODE.topicForbidden, message }
    default:
      return { code: CODE.unknown, message }
  }
}
