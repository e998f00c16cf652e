// Hands a workspace's definitions to the rooms that own them, in the order in which they need each other.
import type { Ctx } from '@rondo/context'
import type { Peer } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { experimentsContract } from '@rondo/experiments/contract'
import { pipelinesContract } from '@rondo/pipelines/contract'
import type { Definition } from 'rondo'
import type { WorkspaceProblem } from '../contract.ts'
import { errors } from '../errors.ts'
import type { RoomName } from '../rooms.ts'
import type { DefinedName } from './defined-names.ts'
import { disarmDrafts, retireDefinitions } from './retire-definitions.ts'
import { toName, toText, type Located, type Workspace } from './workspace.ts'

type Kind = Definition['kind']
type OfKind<K extends Kind> = Extract<Definition, { kind: K }>

/**
 * Idempotent. Gives each of `rooms` what it owns, and retires what is `gone` once all of that is taken, or in any case when a refused set is taken back; rooms that run elsewhere get theirs from the process that lights them. Throws WORKSPACE_INVALID
 * when a room refuses a definition, naming its file and line; what that room had stays in force. What is no fault of a definition (a peer that does
 * not answer, a full disk) is thrown as it is.
 */
export async function applyWorkspace(workspace: Workspace, { gone, isGoingBack }: { gone: DefinedName[]; isGoingBack: boolean }, rooms: ReadonlySet<RoomName>, peer: Peer, ctx: Ctx): Promise<void> {
  const located = workspace.definitions
  const problems: WorkspaceProblem[] = []
  const each = async <K extends Kind>(kind: K, apply: (definition: OfKind<K>) => Promise<unknown>): Promise<void> => {
    for (const one of located) {
      if (one.definition.kind !== kind) continue
      try {
        await apply(one.definition as OfKind<K>)
      } catch (thrown) {
        throwUnlessRefusal(thrown)
        problems.push(toProblem(one, thrown))
      }
    }
  }
  if (rooms.has('events')) {
    const events = peer(eventsContract)
    await each('event', ({ kind: _kind, ...body }) => events.putType({ type: body.name, body }, ctx))
  }
  if (rooms.has('pipelines')) {
    const datasets = located.filter(({ definition }) => definition.kind === 'endpoint' || definition.kind === 'pipeline')
    try {
      await peer(pipelinesContract).putDefinitions({ body: { endpoints: ofKind(located, 'endpoint'), pipelines: ofKind(located, 'pipeline') } }, ctx)
    } catch (thrown) {
      throwUnlessRefusal(thrown)
      problems.push(...toProblems(datasets, thrown))
    }
  }
  if (rooms.has('experiments')) {
    const experiments = peer(experimentsContract)
    await each('metric', ({ kind: _kind, ...body }) => experiments.putMetric({ name: body.name, body }, ctx))
    problems.push(...(await disarmDrafts(gone, experiments, ctx)))
    await each('flag', ({ kind: _kind, ...body }) => experiments.putFlag({ key: body.key, body }, ctx))
    await each('experiment', ({ kind: _kind, ...body }) => experiments.createExperiment({ body }, ctx))
  }
  if (problems.length === 0 || isGoingBack) problems.push(...(await retireDefinitions(gone, rooms, peer, ctx)))
  if (problems.length > 0) throw errors.workspaceWrong({ text: toText(problems), problems })
}

function ofKind<K extends Kind>(located: Located[], kind: K): Omit<OfKind<K>, 'kind'>[] {
  return located.flatMap(({ definition }) => {
    if (definition.kind !== kind) return []
    const { kind: _kind, ...rest } = definition as OfKind<K>
    return [rest]
  })
}

/** Only what a definition can be blamed for becomes a problem of its file. */
function throwUnlessRefusal(thrown: unknown): void {
  const { kind } = toAppError(thrown)
  if (kind === 'unavailable' || kind === 'storage-full' || kind === 'cancelled' || kind === 'limited') throw thrown
}

function toProblem(at: Located | undefined, thrown: unknown): WorkspaceProblem {
  const error = toAppError(thrown)
  return { file: at?.file ?? 'rondo.config.ts', line: at?.line ?? 1, message: error.message, ...(error.help === undefined ? {} : { help: error.help }) }
}

/** A set is refused as a whole, and its error lists what is wrong with each definition: what it says of lines of SQL is a line of the file. */
function toProblems(located: Located[], thrown: unknown): WorkspaceProblem[] {
  const { violations } = toAppError(thrown).details
  if (!Array.isArray(violations)) return [toProblem(undefined, thrown)]
  return (violations as { where: string; message: string }[]).map(({ where, message }) => {
    const at = located.find(({ definition }) => toName(definition) === where)
    const [place, sqlLine] = / \(line (\d+), column \d+\)/.exec(message) ?? []
    const line = place === undefined || at?.sqlLine === undefined ? undefined : at.sqlLine + Number(sqlLine) - 1
    const text = (line === undefined ? message : message.replace(place ?? '', '')).replaceAll('\n', ' ').replace(/\.*$/, '.')
    return { file: at?.file ?? 'rondo.config.ts', line: line ?? at?.line ?? 1, message: `${at?.definition.kind ?? 'definition'} "${where}" ${text}` }
  })
}
