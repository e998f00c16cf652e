// What the world's thread and its starter say to each other.
import type { AppErrorInit } from '@rondo/errors'
import type { RunWorldOptions } from './run-world.ts'
import type { WorldProgress } from './world-size.ts'

/** Options that are plain data. */
export type WorldData = Omit<RunWorldOptions, 'advance' | 'onProgress' | 'warn' | 'fetch' | 'time' | 'timers'>

export type ToWorld = { kind: 'advanced' } | { kind: 'stop' }

export type FromWorld =
  | { kind: 'advance'; toMs: number }
  | { kind: 'progress'; progress: WorldProgress }
  | { kind: 'warning'; text: string }
  | { kind: 'failed'; error: AppErrorInit }
  | { kind: 'ended' }
