// Which engines a test file needs, told by its name: kafka.engine.test.ts, kafka-faults.engine.test.ts, kafka+postgres.engine.test.ts
import { posix } from 'node:path'
import { engineNames, isEngineName, type EngineName } from './engine.ts'
import { errors } from './errors.ts'

export type EngineTests = { engines: EngineName[]; files: string[] }

/** What `npm test` leaves to `npm run test:engines`. */
export function isEngineTest(path: string): boolean {
  return /\.engine\.test\.tsx?$/.test(path)
}

/** In the order of `engineNames`. Throws on a name that is no engine: a test that never runs would look well. */
export function enginesOfFile(path: string): EngineName[] {
  const [listed = ''] = posix.basename(path).replace(/\.engine\.test\.tsx?$/, '').split('-')
  const names = listed.split('+')
  for (const name of names) if (!isEngineName(name)) throw errors.testNamesNoEngine({ path, name })
  return engineNames.filter((name) => names.includes(name))
}

/** Files with the same engines together; few engines before many, so that the first failure names the engine at fault. */
export function groupByEngines(paths: string[]): EngineTests[] {
  const groups = new Map<string, EngineTests>()
  for (const path of paths) {
    const engines = enginesOfFile(path)
    const group = groups.get(engines.join('+')) ?? { engines, files: [] }
    groups.set(engines.join('+'), { engines, files: [...group.files, path] })
  }
  return [...groups.values()].sort((a, b) => a.engines.length - b.engines.length || rank(a) - rank(b))
}

function rank({ engines }: EngineTests): number {
  return engines.reduce((sum, name) => sum * engineNames.length + engineNames.indexOf(name), 0)
}
