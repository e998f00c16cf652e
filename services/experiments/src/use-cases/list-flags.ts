// Flags as people see them: the definition, and the rules in force with those of experiments.
import { toIso } from '@rondo/time'
import type { Flag } from '../contract.ts'
import type { Room } from '../deps.ts'
import type { Overlay } from '../domain/flags/compile-flag.ts'
import { errors } from '../errors.ts'
import type { Overlays } from '../flag-set.ts'
import { findFlag, listFlags as listStored, type StoredFlag } from '../store/flag-store.ts'

export async function listFlags(archived: boolean, room: Room): Promise<{ rows: Flag[] }> {
  if (!archived) return { rows: room.flags.list().map(({ stored, overlays }) => toFlag(stored, overlays)) }
  const all = await listStored(room.relational.db)
  return { rows: all.map((stored) => toFlag(stored, room.flags.find(stored.key)?.overlays)) }
}

export async function getFlag(key: string, room: Room): Promise<Flag> {
  const inForce = room.flags.find(key)
  const stored = inForce?.stored ?? (await findFlag(room.relational.db, key))
  if (stored === undefined) throw errors.flagUnknown({ flag: key })
  return toFlag(stored, inForce?.overlays)
}

function toFlag(stored: StoredFlag, overlays: Overlays = { before: [], after: [] }): Flag {
  const fromOverlay = ({ rule, segment, experiment, share, when, assign }: Overlay): Flag['inForce'][number] => ({ rule, segment, experiment, share, ...(when === undefined ? {} : { when }), assign })
  const own = stored.definition.rules.map((rule, i): Flag['inForce'][number] => ({
    rule: stored.rules[i]?.name ?? `rule-${i + 1}`,
    segment: stored.rules[i]?.segment ?? '',
    experiment: null,
    share: 1,
    ...(rule.when === undefined ? {} : { when: rule.when }),
    assign: rule.assign,
  }))
  return {
    key: stored.key,
    version: stored.version,
    state: stored.archivedAtMs === null ? 'live' : 'archived',
    owner: stored.definition.owner,
    createdAt: toIso(stored.createdAtMs),
    updatedAt: toIso(stored.updatedAtMs),
    definition: stored.definition,
    inForce: stored.archivedAtMs === null ? [...overlays.before.map(fromOverlay), ...own, ...overlays.after.map(fromOverlay)] : [],
    experiments: [...new Set(overlays.before.map((overlay) => overlay.experiment))],
  }
}
