// What the event scanner asks of the kernel that reads runs of plain events.
import type { EventType } from './event-type.ts'
import type { PlainBatch, PlainSegment } from './plain-batch.ts'
import type { ScannedEvent } from './scanned-event.ts'

/** An event whose properties were read but not checked, because their schema has no flat form. */
export type Unchecked = { /** In the list it was appended to. */ index: number; /** -1: it has none. */ propertiesStart: number; propertiesStop: number }

export type Run = {
  /** Behind the last separator that was read, or behind the last event when no separator followed it. */
  position: number
  /** The last event was followed by its separator; true for an empty run. */
  separated: boolean
}

export type PlainRuns = {
  /** The types whose events it may read. */
  setTypes(types: EventType[]): void
  /** The request whose events follow. */
  load(bytes: Buffer): void
  /** The whole request, one event a line or one array; undefined when anything in it is not plain. */
  whole(lines: boolean, receivedAtMs: number): PlainBatch | undefined
  /** The whole request as a Segment batch; undefined when anything in it is not plain, or a message has more bytes. */
  segment(receivedAtMs: number, maxMessageBytes: number): PlainSegment | undefined
  /** Appends the plain events that stand at `at` one after the other: separated by commas, or one a line. Stops before any other. */
  run(at: number, lines: boolean, receivedAtMs: number, into: ScannedEvent[], unchecked: Unchecked[]): Run
}

/** While there is no kernel, no event is plain and the careful path reads them all. */
export const NO_KERNEL: PlainRuns = {
  setTypes: () => undefined,
  load: () => undefined,
  whole: () => undefined,
  segment: () => undefined,
  run: (at) => ({ position: at, separated: true }),
}
