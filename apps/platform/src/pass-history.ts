// How simulated history passes: hours as fast as they are told, and once a day everything that depends on them.
import { startOfDay, type ManualClock } from '@rondo/time'
import type { Platform } from './platform.ts'

/**
 * Moves the clock through history. In the first hour of a day it waits until every room has settled: datasets, lists and decisions change
 * then and at no other time, so that listeners of one seed live one life. Between, work that changes no answer goes on beside.
 */
export function createHistory(platform: Pick<Platform, 'settle' | 'keepPace'>, clock: ManualClock): { advance(toMs: number): Promise<void> } {
  let settledMs = -Infinity
  return {
    async advance(toMs) {
      clock.moveTo(toMs)
      if (startOfDay(toMs) <= settledMs) return platform.keepPace()
      await platform.settle()
      settledMs = startOfDay(toMs)
    },
  }
}
