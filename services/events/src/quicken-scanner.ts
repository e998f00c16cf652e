// Gives the scanners their kernels once there are any; until then, and for good where they cannot be compiled, events are read carefully.
import { openScanKernel } from './collector/scan-kernel.ts'
import { openColumnKernel, type ColumnKernel } from './columns/column-kernel.ts'
import type { Room } from './room.ts'

/** Never rejects: without a kernel the room does the same, more slowly. */
export async function quickenScanner(room: Room): Promise<void> {
  try {
    room.scanner.useRuns(await openScanKernel())
  } catch (error) {
    warn(room, error)
  }
}

/** The kernel of columns, opened for the first request that has any; undefined where it cannot be. */
export function findColumnKernel(room: Room): () => Promise<ColumnKernel | undefined> {
  let opened: Promise<ColumnKernel | undefined> | undefined
  return () =>
    (opened ??= openColumnKernel().catch((error: unknown) => {
      warn(room, error)
      return undefined
    }))
}

function warn(room: Room, error: unknown): void {
  room.deps.log.warn('Events are read without their kernel, at about a fifth of the speed.', { reason: error instanceof Error ? error.message : String(error) })
}
