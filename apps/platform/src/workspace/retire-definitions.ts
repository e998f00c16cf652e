// What a workspace defines no longer: drafts do not begin, experiments stop, flags are archived, event types are marked (ADR 0006). Datasets go with their set; metrics stay for what they measured.
import type { Ctx } from '@rondo/context'
import type { Api, Peer } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { experimentsContract, type ExperimentsContract } from '@rondo/experiments/contract'
import type { WorkspaceProblem } from '../contract.ts'
import type { RoomName } from '../rooms.ts'
import type { DefinedName } from './defined-names.ts'

const NOTE = 'Its definition was removed from the workspace.'

/**
 * Experiments first: a running one holds its flag. A stopped one never starts again, so that none is stopped before all that could refuse was asked: then nothing has gone.
 * Gives what could not go, by the file that defined it; what a room does not know is gone already.
 */
export async function retireDefinitions(gone: DefinedName[], rooms: ReadonlySet<RoomName>, peer: Peer, ctx: Ctx): Promise<WorkspaceProblem[]> {
  const problems: WorkspaceProblem[] = []
  const each = async (kind: DefinedName['kind'], retire: (name: string) => Promise<unknown>): Promise<void> => void problems.push(...(await retireEach(gone, kind, retire)))
  if (rooms.has('experiments') && gone.length > 0) {
    const experiments = peer(experimentsContract)
    problems.push(...(await findHeldFlags(gone, experiments, ctx)))
    if (problems.length > 0) return problems
    await each('experiment', async (id) => {
      const { state } = await experiments.getExperiment({ id }, ctx)
      if (state === 'running') await experiments.stopExperiment({ id, body: { note: NOTE } }, ctx)
    })
    await each('flag', (key) => experiments.archiveFlag({ key }, ctx))
  }
  if (rooms.has('events')) await each('event', (type) => peer(eventsContract).retireType({ type }, ctx))
  return problems
}

/**
 * A draft has nothing to stop; it must only not begin by itself. Asked for before flags change: a draft that goes may be the last to name a variant that goes with it.
 * Gives those that could not be changed.
 */
export async function disarmDrafts(gone: DefinedName[], experiments: Api<ExperimentsContract>, ctx: Ctx): Promise<WorkspaceProblem[]> {
  return retireEach(gone, 'experiment', async (id) => {
    const { state, definition } = await experiments.getExperiment({ id }, ctx)
    if (state === 'draft' && definition.autoStart !== undefined && definition.autoStart !== false) await experiments.createExperiment({ body: { ...definition, autoStart: false } }, ctx)
  })
}

/** What the room refuses becomes a problem of the file that defined it; what it does not know is gone already. */
async function retireEach(gone: DefinedName[], kind: DefinedName['kind'], retire: (name: string) => Promise<unknown>): Promise<WorkspaceProblem[]> {
  const problems: WorkspaceProblem[] = []
  for (const one of gone) {
    if (one.kind !== kind) continue
    try {
      await retire(one.name)
    } catch (thrown) {
      const { kind: errorKind, message, help } = toAppError(thrown)
      if (errorKind === 'not-found') continue
      if (errorKind !== 'conflict' && errorKind !== 'invalid') throw thrown
      problems.push(toProblem(one, message, help))
    }
  }
  return problems
}

/** Flags that an experiment runs on which stays: somebody made it by hand, or it is still defined. */
async function findHeldFlags(gone: DefinedName[], experiments: Api<ExperimentsContract>, ctx: Ctx): Promise<WorkspaceProblem[]> {
  const flags = gone.filter(({ kind }) => kind === 'flag')
  if (flags.length === 0) return []
  const going = new Set(gone.filter(({ kind }) => kind === 'experiment').map(({ name }) => name))
  const { rows } = await experiments.listExperiments({ state: 'running' }, ctx)
  return flags.flatMap((one) => {
    const holder = rows.find(({ flag, id }) => flag === one.name && !going.has(id))
    return holder === undefined ? [] : [toProblem(one, `The experiment "${holder.id}" runs on it.`, 'Stop the experiment first, or define the flag again.')]
  })
}

function toProblem({ kind, name, file }: DefinedName, message: string, help: string | undefined): WorkspaceProblem {
  return { file, line: 1, message: `${kind} "${name}" is defined no longer, but cannot go: ${message}`, ...(help === undefined ? {} : { help }) }
}
