// How large a world is, and what it tells about its progress.

export type WorldSize = 'small' | 'default' | 'large'

/** `actsADay` is the mean of an active listener's events a day. */
export type WorldDimensions = { listeners: number; artists: number; tracks: number; releasesAWeek: number; actsADay: number; weeks: number }

export const WORLD_SIZES: Record<WorldSize, WorldDimensions> = {
  small: { listeners: 150, artists: 160, tracks: 800, releasesAWeek: 8, actsADay: 18, weeks: 4 },
  default: { listeners: 600, artists: 500, tracks: 3_000, releasesAWeek: 30, actsADay: 18, weeks: 4 },
  large: { listeners: 5_000, artists: 3_000, tracks: 20_000, releasesAWeek: 200, actsADay: 18, weeks: 8 },
}

/** Whole weeks of history that are written before accelerated life begins. */
export const WORLD_WEEKS: Record<WorldSize, number> = { small: WORLD_SIZES.small.weeks, default: WORLD_SIZES.default.weeks, large: WORLD_SIZES.large.weeks }

/**
 * `progress` is the share of the history, 0–1; `events` were taken by the collector. Of this process and of real time: `eventsPerSecond` while the
 * world made and told them, each answered as durable; `waitedMs` until the platform had settled what follows from them.
 */
export type WorldProgress = { phase: 'history' | 'live'; progress: number; events: number; eventsPerSecond: number; waitedMs: number }
