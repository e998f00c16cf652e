// The flags in force, compiled, in memory: what every evaluation asks. Changed only after the store has it.
import type { Ctx } from '@rondo/context'
import { fingerprint } from '@rondo/hash'
import type { Relational } from '@rondo/relational'
import type { ExperimentDefinition } from './contract.ts'
import { createAssigner } from './domain/flags/assign.ts'
import { compileFlag, type CompiledFlag, type Overlay } from './domain/flags/compile-flag.ts'
import { listExperiments, type StoredExperiment } from './store/experiment-store.ts'
import { listFlags, listSegments, type StoredFlag } from './store/flag-store.ts'
import type { ExperimentsDatabase } from './store/tables.ts'

/** Rules that experiments put around a flag's own. */
export type Overlays = { before: Overlay[]; after: Overlay[] }

export type FlagInForce = { stored: StoredFlag; overlays: Overlays; compiled: CompiledFlag }

export type FlagSet = {
  find(key: string): FlagInForce | undefined
  /** Live flags by key, in the order of their keys. */
  list(): readonly FlagInForce[]
  findSegment(name: string): unknown
  /** Changes whenever anything in force does. */
  readonly revision: string
  /** Reads the store again: after a write, and when another process may have written. */
  reload(ctx: Ctx): Promise<void>
  /** Calls after each reload that changed the revision; returns how to stop that. */
  watch(changed: () => void): () => void
}

export function createFlagSet(relational: Relational<ExperimentsDatabase>, account: string): FlagSet {
  const assigner = createAssigner(account)
  let flags = new Map<string, FlagInForce>()
  let segments = new Map<string, unknown>()
  let revision = ''
  const watchers = new Set<() => void>()
  return {
    find: (key) => flags.get(key),
    list: () => [...flags.values()],
    findSegment: (name) => segments.get(name),
    get revision() {
      return revision
    },
    async reload() {
      const [storedFlags, storedSegments, experiments] = [await listFlags(relational.db), await listSegments(relational.db), await listExperiments(relational.db)]
      const nextSegments = new Map<string, unknown>(storedSegments.map((segment) => [segment.name, segment.when]))
      const findSegment = (name: string): unknown => nextSegments.get(name)
      const live = storedFlags.filter((stored) => stored.archivedAtMs === null)
      flags = new Map(
        live.map((stored) => {
          const overlays = computeOverlays(stored.key, experiments)
          return [stored.key, { stored, overlays, compiled: compileFlag(stored.definition, stored.rules, overlays, findSegment, assigner) }]
        }),
      )
      segments = nextSegments
      const before = revision
      revision = fingerprint(JSON.stringify([storedSegments, [...flags.values()].map((flag) => [flag.stored.key, flag.stored.version, flag.stored.createdAtMs, flag.overlays])]))
      if (revision !== before) for (const changed of watchers) changed()
    },
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
  }
}

/** A running experiment's split first, then what was shipped, then the flag's own rules; control for whom none of these is. */
export function computeOverlays(flag: string, experiments: readonly StoredExperiment[]): Overlays {
  const overlays: Overlays = { before: [], after: [] }
  const ours = experiments.filter((experiment) => experiment.definition.flag === flag)
  for (const { definition } of ours.filter((experiment) => experiment.state === 'running')) {
    overlays.before.push(toSplit(definition))
    overlays.after.push({ experiment: definition.id, rule: `${definition.id}/control`, segment: definition.id, share: 1, assign: [{ variant: definition.control, share: 1 }] })
  }
  for (const { definition, shipped } of ours.filter((experiment) => experiment.shippedInForce).sort((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0))) {
    if (shipped === null) continue
    const when = definition.when === undefined ? {} : { when: definition.when }
    overlays.before.push({ experiment: definition.id, rule: `${definition.id}/shipped`, segment: definition.id, share: 1, ...when, assign: [{ variant: shipped, share: 1 }] })
  }
  return overlays
}

function toSplit(definition: ExperimentDefinition): Overlay {
  const variants = [definition.control, ...definition.treatments]
  return {
    experiment: definition.id,
    rule: definition.id,
    segment: definition.id,
    share: definition.share,
    ...(definition.when === undefined ? {} : { when: definition.when }),
    assign: variants.map((variant) => ({ variant, share: 1 / variants.length })),
  }
}
