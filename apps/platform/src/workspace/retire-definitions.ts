// What a workspace defines no longer: experiments stop, flags are archived, event types are marked (ADR 0006). Datasets go with their set; metrics stay for what they measured.
import type { Ctx } from '@rondo/context'
import type { Peer } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { experimentsContract } from '@rondo/experiments/contract'
import type { WorkspaceProblem } from '../contract.ts'
import type { RoomName } from '../rooms.ts'
import type { DefinedName } from './defined-names.ts'

const NOTE = 'Its definition was removed from the workspace.'

/** Experiments first: a running one holds its flag. Gives what could not go, by the file that defined it; what a room does not know is gone already. */
export async function retireDefinitions(gone: DefinedName[], rooms: ReadonlySet<RoomName>, peer: Peer, ctx: Ctx): Promise<WorkspaceProblem[]> {
  const problems: WorkspaceProblem[] = []
  const each = async (kind: DefinedName['kind'], retire: (name: string) => Promise<unknown>): Promise<void> => {
    for (const one of gone) {
      if (one.kind !== kind) continue
      try {
        await retire(one.name)
      } catch (thrown) {
        const { kind: errorKind, message, help } = toAppError(thrown)
        if (errorKind === 'not-found') continue
        if (errorKind !== 'conflict') throw thrown
        problems.push({ file: one.file, line: 1, message: `${kind} "${one.name}" is defined no longer, but cannot go: ${message}`, ...(help === undefined ? {} : { help }) })
      }
    }
  }
  if (rooms.has('experiments') && gone.length > 0) {
    const experiments = peer(experimentsContract)
    await each('experiment', async (id) => {
      const { state, definition } = await experiments.getExperiment({ id }, ctx)
      if (state === 'running') await experiments.stopExperiment({ id, body: { note: NOTE } }, ctx)
      // A draft has nothing to stop; it must only not begin by itself.
      else if (state === 'draft' && definition.autoStart !== undefined) await experiments.createExperiment({ body: { ...definition, autoStart: false } }, ctx)
    })
    await each('flag', (key) => experiments.archiveFlag({ key }, ctx))
  }
  if (rooms.has('events')) await each('event', (type) => peer(eventsContract).retireType({ type }, ctx))
  return problems
}
