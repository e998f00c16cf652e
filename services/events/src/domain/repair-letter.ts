// Steps that make a dead letter whole: what a person would do to its JSON by hand, written down so that it can be done to thousands.
import { isRecord } from '@rondo/contract'
import type { RepairStep } from '../contract.ts'
import { MAX_ID_LENGTH } from './scanned-event.ts'

/** Rules of letters whose JSON cannot be read and written back without losing something. */
const INEXACT: ReadonlySet<string> = new Set(['duplicate-key', 'number-range', 'lone-surrogate', 'not-a-number', 'nesting'])

/**
 * The letter after all steps, in their order. Undefined when it stays as it is: nothing changes, its text is no JSON object, or it is inexact by the `rule` it died of. A letter without a usable id gets
 * `spareId`, if there is one, which has to be the same whenever this letter is repaired.
 */
export function repairLetter(bytes: Uint8Array, rule: string, steps: RepairStep[], spareId: string | undefined): Buffer | undefined {
  if (INEXACT.has(rule)) return undefined
  const event = parse(bytes)
  if (event === undefined) return undefined
  const before = JSON.stringify(event)
  for (const step of steps) apply(event, step)
  const { id } = event
  if (spareId !== undefined && (typeof id !== 'string' || id === '' || Array.from(id).length > MAX_ID_LENGTH)) event['id'] = spareId
  const after = JSON.stringify(event)
  return after === before ? undefined : Buffer.from(after)
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function apply(event: Record<string, unknown>, step: RepairStep): void {
  const path = step.field.split('/')
  const name = path.pop() ?? ''
  const isWriting = step.do === 'set' || step.do === 'default'
  const holder = findHolder(event, path, isWriting)
  if (holder === undefined) return
  const isThere = Object.hasOwn(holder, name)
  switch (step.do) {
    case 'set':
      holder[name] = step.value
      break
    case 'default':
      if (!isThere) holder[name] = step.value
      break
    case 'remove':
      delete holder[name]
      break
    case 'rename':
      if (isThere && !Object.hasOwn(holder, step.to)) {
        holder[step.to] = holder[name]
        delete holder[name]
      }
      break
    case 'convert':
      if (isThere) holder[name] = convert(holder[name], step.to)
      break
    case 'truncate':
      if (typeof holder[name] === 'string') holder[name] = Array.from(holder[name]).slice(0, step.length).join('')
      break
  }
}

/** The object that the path leads to; what is missing on the way is made when something is to be written. */
function findHolder(event: Record<string, unknown>, path: string[], isWriting: boolean): Record<string, unknown> | undefined {
  let at = event
  for (const name of path) {
    if (isWriting && !Object.hasOwn(at, name)) at[name] = {}
    const next = Object.hasOwn(at, name) ? at[name] : undefined
    if (!isRecord(next)) return undefined
    at = next
  }
  return at
}

/** What cannot be read as the other kind stays, and the schema refuses it as before. */
function convert(value: unknown, to: 'string' | 'number' | 'integer' | 'boolean'): unknown {
  switch (to) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    case 'boolean':
      return value === 'true' || value === 1 ? true : value === 'false' || value === 0 ? false : value
    case 'number':
      return toNumber(value)
    case 'integer': {
      const number = toNumber(value)
      return typeof number === 'number' ? Math.round(number) : number
    }
  }
}

function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(value)) return value
  return Number(value)
}
