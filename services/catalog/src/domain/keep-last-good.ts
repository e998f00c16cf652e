// What counts of a reading: entities that are right now, and the last good form of those that are not.
import type { Problem } from '../contract.ts'
import type { DescribedEntity } from './descriptor/read-descriptors.ts'

export type Reading = { file: string; entities: DescribedEntity[]; problems: Problem[]; broken: boolean }

/**
 * A broken file keeps all that it declared; a wrong entity keeps its last good form; what a sound file no longer names is gone.
 */
export function keepLastGood(readings: readonly Reading[], before: readonly DescribedEntity[]): { described: DescribedEntity[]; problems: Problem[] } {
  const beforeByFile = Map.groupBy(before, ({ file }) => file)
  const described: DescribedEntity[] = []
  const problems: Problem[] = []
  for (const reading of readings) {
    const kept = new Map((beforeByFile.get(reading.file) ?? []).map((entity) => [entity.ref, entity]))
    const current = new Map(reading.entities.map((entity) => [entity.ref, entity]))
    for (const entity of current.values()) {
      const good = entity.usable ? entity : kept.get(entity.ref)
      if (good !== undefined) described.push(good)
    }
    const isMissing = reading.problems.some((problem) => problem.code === 'FILE_MISSING')
    const orphans = reading.broken && !isMissing ? [...kept.values()].filter(({ ref }) => !current.has(ref)) : []
    described.push(...orphans)
    for (const problem of reading.problems) {
      const keeps = problem.severity === 'error' && (problem.ref === null ? orphans.length > 0 : kept.has(problem.ref))
      problems.push(keeps ? { ...problem, help: `${problem.help} Until then the last good form stays.` } : problem)
    }
    // A broken file cannot say which of its entities is wrong: all of them carry the fault.
    const fault = reading.problems.find((problem) => problem.ref === null)
    if (fault !== undefined) problems.push(...orphans.map(({ ref }) => ({ ...fault, ref, help: `${fault.help} Until then the last good form stays.` })))
  }
  return { described, problems }
}
