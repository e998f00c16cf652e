// Where the scanner stands and what it works in: shared by all files of this kernel, one instance a module.

/** Of a row, of a field of a type's plan, and of a day. */
export const ROW: usize = 80
export const FIELD: usize = 40
export const DAY: f64 = 86400000.0

/** Flags of a row. `ORPHAN`: something is to be sealed, and no user is named. */
export const CORRECTED: i32 = 1
export const UNCHECKED: i32 = 2
export const HAS_CONTEXT: i32 = 4
export const ORPHAN: i32 = 8

/** Addresses that `configure` is given. `texts`: fixed texts of answers, see pack-rows.as. */
export let input: usize = 0
export let out: usize = 0
export let texts: usize = 0
export let keyStack: usize = 0

/** The next byte to read, and where the input ends. */
export let p: usize = 0
export let end: usize = 0
export let newlineIsSpace: bool = true

/** Of the last string: [from, to). */
export let from: usize = 0
export let to: usize = 0

/** Flags of all rows of the last run. */
export let flagsSeen: i32 = 0

/** For readers of one text that lies elsewhere. */
export function setText(start: usize, stop: usize): void {
  from = start
  to = stop
}
