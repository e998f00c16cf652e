// What an importer is: a folder or file of somebody else's listening as our events, each with the line it came from.
import type { WireEvent } from '@rondo/events/contract'

export type Imported = { file: string; line: number; event: WireEvent } | { file: string; line: number; problem: string }

export type ImportFormat = {
  name: string
  /** One line for the help. */
  expects: string
  /** Users of the source get this in front of their ids, so that two sources never meet in one listener. */
  userPrefix: string
  /** Lines that `read` tells of, for the progress bar. Throws UNREADABLE naming the missing file. */
  countLines(path: string): Promise<number>
  /** In a fixed order with fixed ids: the same file again gives the same events. `nowMs` stands in where the source knows no time. */
  read(path: string, nowMs: number): AsyncIterable<Imported>
}
