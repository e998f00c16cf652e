// The example workspace for a simulated life: its experiment begins and ends when the life wants it, and its stores are where the life has them.
import { join } from 'node:path'
import type { StoreAddresses } from 'rondo'
import { CHECKOUT } from '../src/cli/place.ts'
import { loadWorkspace } from '../src/workspace/load-workspace.ts'
import type { Workspace } from '../src/workspace/workspace.ts'

/** The example's experiment for a life: when it starts and how long it is planned. */
export type Trial = { afterDays: number; days: number }

export async function loadLifeWorkspace({ trial, stores, peers = {} }: { trial: Trial; stores: StoreAddresses; peers?: Record<string, string> }): Promise<Workspace> {
  const workspace = await loadWorkspace(join(CHECKOUT, 'examples/music'))
  const definitions = workspace.definitions.map((located) => (located.definition.kind === 'experiment' ? { ...located, definition: { ...located.definition, days: trial.days, autoStart: { afterDays: trial.afterDays } } } : located))
  return { ...workspace, config: { ...workspace.config, stores: { ...workspace.config.stores, ...stores }, peers }, definitions }
}
