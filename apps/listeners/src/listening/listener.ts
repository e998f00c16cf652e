// What changes about a listener: library, this week's list, whether they are still there. Plain data: it is kept in the state file.

export type WeekList = {
  /** Monday, "2026-09-21". */
  week: string
  shelf: 'discover-weekly' | 'popularity'
  /** Track indices in the order of the list, with the position (from 1) each had there. */
  tracks: [track: number, position: number][]
  /** How many were heard or skipped. */
  next: number
  finished: number
}

export type Listener = {
  joinedMs: number
  leftMs: number | null
  /** A session lasts until then. */
  busyUntilMs: number
  /** Saved tracks, oldest first. */
  library: number[]
  list: WeekList | null
  /** Day on which a list was last asked for and there was none, "2026-09-21". */
  askedOn: string | null
}
