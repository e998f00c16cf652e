// The clock of a platform whose listeners are simulated: it stands where the world puts it, and is kept in the data folder.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createManualClock, startOfWeek, WEEK_MS, HOUR_MS, type ManualClock } from '@rondo/time'

const FILE = 'world-clock.json'

export type WorldTime = {
  clock: ManualClock
  /** First instant of the simulated history, epoch ms. */
  startMs: number
  /** Where history ends and accelerated life begins, epoch ms. */
  liveFromMs: number
  save(): Promise<void>
}

/**
 * History is `weeks` whole weeks up to last Sunday 21:00 UTC of the machine's clock, so that a Monday, with its new lists and its decision,
 * comes within the first minutes. A folder that has been lived in goes on where it was.
 */
export async function openWorldTime(dataFolder: string, weeks: number, machineNowMs: number): Promise<WorldTime> {
  const file = join(dataFolder, FILE)
  const saved = await readFile(file, 'utf8').then((text) => JSON.parse(text) as { startMs: number; liveFromMs: number; nowMs: number }).catch(() => undefined)
  const monday = startOfWeek(machineNowMs)
  const { startMs, liveFromMs, nowMs } = saved ?? { startMs: monday - weeks * WEEK_MS, liveFromMs: monday - 3 * HOUR_MS, nowMs: monday - weeks * WEEK_MS }
  const clock = createManualClock(nowMs)
  return {
    clock,
    startMs,
    liveFromMs,
    async save() {
      const temporary = `${file}.tmp`
      await writeFile(temporary, JSON.stringify({ startMs, liveFromMs, nowMs: clock.now() }))
      await rename(temporary, file)
    },
  }
}

/** Where a lived-in world's clock stands; undefined for a folder without one. */
export async function findSavedWorldNow(dataFolder: string): Promise<number | undefined> {
  return readFile(join(dataFolder, FILE), 'utf8').then((text) => (JSON.parse(text) as { nowMs: number }).nowMs).catch(() => undefined)
}
