// What a unit gets from a flag now; logs nothing.
import type { Resolution } from '../contract.ts'
import type { Room } from '../deps.ts'
import type { Attributes } from '../domain/flags/criterion.ts'

export function resolveFlag(key: string, unit: string | undefined, attributes: Attributes, room: Pick<Room, 'flags'>): Resolution {
  const flag = room.flags.find(key)
  if (flag === undefined) return { flag: key, unit: unit ?? null, value: null, variant: null, reason: 'ERROR', rule: null, errorCode: 'FLAG_NOT_FOUND' }
  const { reason, variant, value, rule, errorCode } = flag.compiled.evaluate(unit, attributes)
  return { flag: key, unit: unit ?? null, value: value ?? null, variant, reason, rule, ...(errorCode === undefined ? {} : { errorCode }) }
}
