// What is made of the rows of a run: batches for the log, and the answer to the sender.
import { input, out, ROW, texts } from './scan-state'
import { copyText } from './write-values'

/** Of the last `pack`: bytes of its keys and of its values. */
let packedKeys: usize = 0
let packedValues: usize = 0

export function packedKeyBytes(): usize {
  return packedKeys
}

export function packedValueBytes(): usize {
  return packedValues
}

/**
 * Lays those of the first `rows` rows that are of type `type` and whose mark (a byte a row) is 0 out at `at`, and gives how many (n):
 *   keyBytes u32 × n | valueBytes u32 × n | (idLow u32 | idHigh u32) × n | keys | values
 * The key is the user, else the id. Up to 16 bytes behind the last value are written too.
 */
export function pack(rows: i32, type: i32, marks: usize, at: usize): i32 {
  let count: usize = 0
  packedKeys = 0
  packedValues = 0
  for (let i = 0; i < rows; i++) {
    if (isWanted(i, type, marks)) count++
  }
  let keySize = at
  let valueSize = at + (count << 2)
  let print = at + (count << 3)
  let keyAt = at + (count << 4)
  const keysAt = keyAt
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const hasKey = load<i32>(row, 16) >= 0
    const first = hasKey ? load<i32>(row, 16) : load<i32>(row, 8)
    const size = (hasKey ? load<i32>(row, 20) : load<i32>(row, 12)) - first
    store<i32>(keySize, size)
    store<i32>(valueSize, load<i32>(row, 4) - load<i32>(row))
    store<u64>(print, load<u64>(row, 40))
    keySize += 4
    valueSize += 4
    print += 8
    copyText(keyAt, input + <usize>first, <usize>size)
    keyAt += <usize>size
  }
  packedKeys = keyAt - keysAt
  let valueAt = keyAt
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const first = load<i32>(row)
    const size = <usize>(load<i32>(row, 4) - first)
    copyText(valueAt, input + <usize>first, size)
    valueAt += size
  }
  packedValues = valueAt - keyAt
  return <i32>count
}

/** It is of that type, and not marked. */
@inline export function isWanted(i: i32, type: i32, marks: usize): bool {
  return load<u8>(marks + <usize>i) == 0 && load<i32>(out + <usize>i * ROW, 24) == type
}

/**
 * The answer to `rows` events at `at`, and its size. A mark of 0 is "accepted", any other "duplicate". The fixed texts, at multiples of 32:
 *   `,{"id":"` | `","status":"accepted"}` | `","status":"duplicate"}` | `{"results":[`
 */
export function answer(rows: i32, marks: usize, at: usize): usize {
  let to = at
  copyText(to, texts + 96, 12)
  to += 12
  for (let i = 0; i < rows; i++) {
    const row = out + <usize>i * ROW
    // No comma before the first.
    if (i == 0) {
      store<u64>(to, load<u64>(texts) >> 8)
      to += 7
    } else {
      store<u64>(to, load<u64>(texts))
      to += 8
    }
    const first = load<i32>(row, 8)
    const size = <usize>(load<i32>(row, 12) - first)
    copyText(to, input + <usize>first, size)
    to += size
    const isDuplicate = load<u8>(marks + <usize>i) != 0
    copyText(to, texts + (isDuplicate ? 64 : 32), 32)
    to += isDuplicate ? 23 : 22
  }
  store<u16>(to, 0x7d5d)
  return to + 2 - at
}
