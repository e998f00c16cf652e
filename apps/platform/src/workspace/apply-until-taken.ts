// Definitions of a process that is one of several: the rooms elsewhere may come up later, so it tries again until all is taken.
import { setTimeout as pause } from 'node:timers/promises'
import { toAppError } from '@rondo/errors'
import type { Platform } from '../platform.ts'
import { toProblems } from './load-workspace.ts'
import type { Workspace } from './workspace.ts'

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 30_000

/** Resolves when everything is in force or `signal` says stop. Meanwhile the rooms run on what they have, and the reason is logged once. */
export async function applyUntilTaken(platform: Pick<Platform, 'apply' | 'log' | 'state'>, workspace: Workspace, signal: AbortSignal): Promise<void> {
  let told = ''
  for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
    try {
      await platform.apply(workspace, signal)
      return platform.log.info('definitions in force', { definitions: workspace.definitions.length })
    } catch (thrown) {
      if (signal.aborted) return
      const error = toAppError(thrown)
      platform.state.problems = toProblems(thrown)
      if (error.message !== told) platform.log.warn(`Definitions are not in force yet: ${error.message}`, { code: error.code })
      told = error.message
    }
    await pause(retryMs, undefined, { signal, ref: false }).catch(() => {})
  }
}
