// The address of an engine that is running already, for tests that share one.
import { findState, isRunning } from './engine-state.ts'
import type { EngineName } from './engine.ts'
import { errors } from './errors.ts'
import { findSet } from './places.ts'

type Environment = Record<string, string | undefined>

/** `skip` is what node:test takes: false, or the reason. */
export type EngineAddress = { url: string; skip: false } | { url: ''; skip: string }

/**
 * `const { url, skip } = engineUrl('kafka')`, then `describe('…', { skip }, …)`. From `ENGINES_KAFKA_URL`, else from the running set. Where engines
 * must be there (`CI` or `RONDO_REQUIRE_ENGINES` set) it throws instead of skipping.
 */
export function engineUrl(name: EngineName, environment: Environment = process.env): EngineAddress {
  const given = environment[urlVariable(name)]
  if (given !== undefined && given !== '') return { url: given, skip: false }
  const state = findState(findSet(environment), name)
  if (state !== undefined && isRunning(state)) return { url: state.url, skip: false }
  if (isSet(environment['CI']) || isSet(environment['RONDO_REQUIRE_ENGINES'])) throw errors.notRunning({ engine: name })
  return { url: '', skip: `${name} is not running: npm run engines -- up ${name}` }
}

/** "ENGINES_KAFKA_URL" */
export function urlVariable(name: EngineName): string {
  return `ENGINES_${name.toUpperCase()}_URL`
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}
