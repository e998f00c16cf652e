// Which ports an engine gets: its own, or a block beginning at a base, so that sets run side by side.
import { engineNames, type EngineName } from './engine.ts'
import { engines } from './engines.ts'

/** Each engine has its place in the block whichever others are started, so that it has the same ports the next time. */
export function assignPorts(name: EngineName, base: number | undefined): number[] {
  if (base === undefined) return engines[name].ports
  const before = engineNames.slice(0, engineNames.indexOf(name)).reduce((sum, other) => sum + engines[other].ports.length, 0)
  return engines[name].ports.map((_, at) => base + before + at)
}
