// The context of an event: which part of it says who sent this, and whether anything in it may be personal.
import { objectKeys, space, value } from './json-values'
import { end, input, keyStack, p } from './scan-state'

/** Of the last context: the value of its `client`, [from, to); 0 when there is none. */
export let clientFrom: usize = 0
export let clientTo: usize = 0
/** It holds something beside the client, which is sealed. */
export let isSealable: bool = false

/** Reads the context at `p`; false when it is none, or not plain. */
export function context(): bool {
  if (p >= end || load<u8>(p) != 123 || !value(1)) return false
  const count = objectKeys
  clientFrom = clientTo = 0
  for (let i: usize = 0; i < count; i++) {
    const key = keyStack + 256 + (i << 3)
    const at = <usize>load<i32>(key)
    // "client"
    if (load<i32>(key, 4) != 6 || load<u32>(at) != 0x65696c63 || load<u16>(at, 4) != 0x746e) continue
    const behind = p
    p = at + 7
    space()
    p++
    space()
    clientFrom = p
    value(2)
    clientTo = p
    p = behind
    break
  }
  isSealable = count > (clientFrom != 0 ? 1 : 0)
  return true
}

/** Notes in a row where its context lies, and what goes with it when it is cut out: [cutFrom, cutTo), with one comma. */
export function storeContext(row: usize, contextFrom: usize, contextTo: usize, cutFrom: usize, cutTo: usize, clientStart: usize, clientStop: usize): void {
  store<i32>(row, <i32>(contextFrom - input), 56)
  store<i32>(row, <i32>(contextTo - input), 60)
  store<i32>(row, <i32>(cutFrom - input), 64)
  store<i32>(row, <i32>(cutTo - input), 68)
  store<i32>(row, <i32>(clientStart - input), 72)
  store<i32>(row, <i32>(clientStop - input), 76)
}
