// The heartbeat of the catalog: what it holds, and which descriptors need a person.
import type { Attention, Pulse } from '@rondo/contract'
import { toIso } from '@rondo/time'
import type { CatalogIndex } from '../domain/catalog-index.ts'
import { findSpecText } from '../domain/entity.ts'

const attentionAtMost = 10

export function computePulse(index: CatalogIndex, reading: { atMs: number; tookMs: number } | undefined): Pulse {
  const squads = [...index.entries.values()].filter((entry) => entry.entity.kind === 'Group' && findSpecText(entry.entity, 'type') === 'squad').length
  const errors = index.problems.filter((problem) => problem.severity === 'error')
  const since = toIso(reading?.atMs ?? 0)
  const attention = errors.slice(0, attentionAtMost).map((problem): Attention => {
    const entry = problem.ref === null ? undefined : index.entries.get(problem.ref)
    return {
      state: 'warned',
      subject: problem.ref ?? problem.file,
      ref: entry?.path ?? '/catalog',
      owner: entry?.ownerRef ?? '',
      since,
      message: `${problem.file}:${problem.line} ${problem.message} ${problem.help}`,
      hurts: entry === undefined ? 'whoever looks for it: it is not in the catalog' : 'whoever reads its last good form',
    }
  })
  return {
    holds: `${index.entries.size.toLocaleString('en-US')} things, ${squads} squads`,
    rate: `${index.problems.length} ${index.problems.length === 1 ? 'problem' : 'problems'}`,
    lagMs: reading?.tookMs ?? null,
    state: errors.length === 0 ? 'healthy' : 'warned',
    notes: [],
    attention,
  }
}
