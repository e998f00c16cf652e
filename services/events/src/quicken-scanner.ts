// Gives the scanner its kernel once there is one; until then, and for good where it cannot be compiled, events are read carefully.
import { openScanKernel } from './collector/scan-kernel.ts'
import type { Room } from './room.ts'

/** Never rejects: without a kernel the room does the same, more slowly. */
export async function quickenScanner(room: Room): Promise<void> {
  try {
    room.scanner.useRuns(await openScanKernel())
  } catch (error) {
    room.deps.log.warn('Events are read without their kernel, at about a fifth of the speed.', { reason: error instanceof Error ? error.message : String(error) })
  }
}
