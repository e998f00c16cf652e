// What one request is answered with: the face it came to, who sent it, its fields, and where the answer is written.
import type { Ctx } from '@rondo/context'
import type { Semaphore } from '@rondo/async'
import type { EventLog } from '../port.ts'
import type { Coordinator } from './coordinator.ts'
import type { FaceLimits, FaceSession, FaceTopic, FaceTopics, Right, SignIn, Timers } from './port.ts'
import type { Producers } from './producers.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

export type Place = { host: string; port: number }

export type Face = {
  log: EventLog
  topics: FaceTopics
  signIn: SignIn
  anonymous: FaceSession | undefined
  coordinator: Coordinator
  producers: Producers
  /** Where clients are told to connect to; undefined: where they did. */
  advertised: Place | undefined
  /** Before the names of groups in the log. */
  groupPrefix: string
  limits: FaceLimits
  timers: Timers
  /** Compressed batches that are open at once. */
  unpacking: Semaphore
  /** Bytes of requests and answers that are under way. */
  buffered: number
  /** `refused`, `slow`, `idle`: connections that were ended for what they sent, for how slowly they sent, read or signed in, and for sending nothing. */
  tally: { requests: number; refused: number; slow: number; idle: number; produced: number; fetched: number }
}

/** One connection. */
export type Caller = {
  session: FaceSession | undefined
  /** Of the caller, and where it reached us. */
  address: string
  reached: Place
  /** Begun by SaslHandshake. */
  signingIn: 'by-request' | 'by-bare-token' | undefined
  /** It asks no more: nothing is waited for on its behalf. What it asked for before is done. */
  left: AbortSignal
}

export type Call = {
  face: Face
  caller: Caller
  version: number
  clientId: string
  request: WireReader
  answer: WireWriter
  ctx: Ctx
}

export type Api = {
  key: number
  name: string
  min: number
  max: number
  /** The first version with lengths as varints and with tags. */
  flexibleFrom: number
  /** Also before signing in. */
  isOpen?: true
  /** False: the client wants no answer. */
  handle(call: Call): Promise<boolean | void> | void
}

export async function may({ caller, ctx }: Call, right: Right): Promise<boolean> {
  return (await caller.session?.may(right, ctx)) ?? false
}

/** Who may write to a topic, or read it, may know what it is like; a list of all is for readers, for keys that write are in pages for everybody. */
export async function mayDescribe(call: Call): Promise<boolean> {
  return (await may(call, 'read')) || (await may(call, 'write'))
}

/** By name, each looked up once. */
export function createTopicFinder({ face, ctx }: Call): (name: string) => Promise<FaceTopic | undefined> {
  const found = new Map<string, Promise<FaceTopic | undefined>>()
  return (name) => {
    let topic = found.get(name)
    if (topic === undefined) found.set(name, (topic = face.topics.find(name, ctx)))
    return topic
  }
}
