// Rows with contexts as the log takes them once they are sealed: the context is cut out, and room is left for what will stand in its place.
import { flagsSeen, HAS_CONTEXT, input, out, ROW } from './scan-state'
import { isWanted } from './pack-rows'
import { same } from './json-values'
import { copyText } from './write-values'

/** `,"sealed":{"key":"` 32 characters `","data":"` base64 `"}}`: all but the base64. */
const SEALED_BYTES: usize = 63
/** `{"c":` and `}` around a context, nonce and tag. */
const PART_BYTES: usize = 34
/** Instead of a size: the context is that of the record before. */
const SAME_CONTEXT: u32 = 0xffffffff

let keysSize: usize = 0
let valuesSize: usize = 0
let contextsSize: usize = 0

export function sealedKeyBytes(): usize {
  return keysSize
}

export function sealedValueBytes(): usize {
  return valuesSize
}

export function sealedContextBytes(): usize {
  return contextsSize
}

/** Some row of the last run has something to be sealed. */
export function hasContexts(): bool {
  return (flagsSeen & HAS_CONTEXT) != 0
}

/**
 * As `pack`, with contexts, which lie behind the values:
 *   keyBytes u32 × n | valueBytes u32 × n | (idLow u32 | idHigh u32) × n | contextBytes u32 × n | keys | values | contexts
 * A context of 0 bytes is none: then the value is as it came. Else it ends with room for the seal instead of its last bracket.
 */
export function packSealed(rows: i32, type: i32, marks: usize, at: usize): i32 {
  let count: usize = 0
  for (let i = 0; i < rows; i++) if (isWanted(i, type, marks)) count++
  const contextSizes = at + (count << 4)
  const keysAt = contextSizes + (count << 2)
  let keyAt = keysAt
  let n: usize = 0
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const isNamed = load<i32>(row, 16) >= 0
    const first = isNamed ? load<i32>(row, 16) : load<i32>(row, 8)
    const size = <usize>((isNamed ? load<i32>(row, 20) : load<i32>(row, 12)) - first)
    store<u32>(at + (n << 2), <u32>size)
    store<u64>(at + (count << 3) + (n << 3), load<u64>(row, 40))
    copyText(keyAt, input + <usize>first, size)
    keyAt += size
    n++
  }
  keysSize = keyAt - keysAt
  const valuesAt = keyAt
  let p = valuesAt
  let contexts: usize = 0
  let lastAt: usize = 0, lastSize: usize = 0
  n = 0
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const row = out + <usize>i * ROW
    const start = input + <usize>load<i32>(row)
    const stop = input + <usize>load<i32>(row, 4)
    const from = p
    let context: u32 = 0
    if ((load<i32>(row, 28) & HAS_CONTEXT) == 0) {
      copyText(p, start, stop - start)
      p += stop - start
    } else {
      const contextFrom = input + <usize>load<i32>(row, 56)
      const contextTo = input + <usize>load<i32>(row, 60)
      const size = contextTo - contextFrom
      const clientFrom = load<i32>(row, 72)
      const clientSize = <usize>(load<i32>(row, 76) - clientFrom)
      const head = (clientSize != 0 ? contextFrom : input + <usize>load<i32>(row, 64)) - start
      copyText(p, start, head)
      p += head
      let rest = input + <usize>load<i32>(row, 68)
      if (clientSize != 0) {
        // {"client": … }
        store<u64>(p, 0x746e65696c63227b)
        store<u16>(p, 0x3a22, 8)
        copyText(p + 10, input + <usize>clientFrom, clientSize)
        p += 10 + clientSize
        store<u8>(p++, 125)
        rest = contextTo
      }
      copyText(p, rest, stop - 1 - rest)
      p += stop - 1 - rest + SEALED_BYTES + (size + PART_BYTES + 2) / 3 * 4
      if (size == lastSize && same(contextFrom, lastAt, size)) context = SAME_CONTEXT
      else {
        context = <u32>size
        contexts += size
        lastAt = contextFrom
        lastSize = size
      }
    }
    store<u32>(at + (count << 2) + (n << 2), <u32>(p - from))
    store<u32>(contextSizes + (n << 2), context)
    n++
  }
  valuesSize = p - valuesAt
  contextsSize = contexts
  n = 0
  for (let i = 0; i < rows; i++) {
    if (!isWanted(i, type, marks)) continue
    const context = load<u32>(contextSizes + (n << 2))
    if (context != 0 && context != SAME_CONTEXT) {
      copyText(p, input + <usize>load<i32>(out + <usize>i * ROW, 56), <usize>context)
      p += <usize>context
    }
    n++
  }
  return <i32>count
}
