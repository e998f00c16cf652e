// The types in force, by name.
import { same } from './json-values'
import { from, to } from './scan-state'

let table: usize = 0
let slots: u32 = 0
let lastType: usize = 0

/** Slots of i32 addresses of types, by hash of the name; 0 is empty. */
export function setTable(tableAt: usize, tableSlots: u32): void {
  table = tableAt
  slots = tableSlots
  lastType = 0
}

/** The type named by the last string; events come in runs of one type. */
export function findType(): usize {
  const size = to - from
  if (lastType != 0 && <usize>load<i32>(lastType, 4) == size && same(from, <usize>load<i32>(lastType), size)) return lastType
  let h: u32 = 0x811c9dc5
  for (let i = from; i < to; i++) h = (h ^ load<u8>(i)) * 0x01000193
  let slot = h & (slots - 1)
  let type = <usize>load<i32>(table + (<usize>slot << 2))
  while (type != 0 && !(<usize>load<i32>(type, 4) == size && same(from, <usize>load<i32>(type), size))) {
    slot = (slot + 1) & (slots - 1)
    type = <usize>load<i32>(table + (<usize>slot << 2))
  }
  if (type != 0) lastType = type
  return type
}
