// Definitions tried on an empty house in memory: SQL is planned and schemas are compiled by the rooms themselves, and nothing that runs is touched.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSilentLog } from '@rondo/host'
import { createPlatform } from '../platform.ts'
import type { Workspace } from './workspace.ts'

const IN_MEMORY = { eventLog: 'memory:', keyValue: 'memory:', objects: 'memory:', relational: 'sqlite::memory:' }

/** Throws WORKSPACE_INVALID with every problem as file:line. */
export async function tryWorkspace(workspace: Workspace): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'rondo-check-'))
  try {
    const platform = await createPlatform({ workspace: { ...workspace, config: { ...workspace.config, stores: IN_MEMORY } }, dataFolder: data, log: createSilentLog() })
    try {
      await platform.apply(workspace)
    } finally {
      await platform.close()
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}
