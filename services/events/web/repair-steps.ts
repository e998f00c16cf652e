// Steps of a repair as they are typed into the form, and as the room takes them.
import type { RepairStep } from '@rondo/events/contract'

export const KINDS = ['convert', 'default', 'set', 'rename', 'remove', 'truncate'] as const
export type Kind = (typeof KINDS)[number]
export const TARGETS = ['integer', 'number', 'string', 'boolean'] as const

/** What a line of the form holds; `value` is the value, the new name, the target or the length, by `kind`. */
export type DraftStep = { id: number; kind: Kind; field: string; value: string }

export const kindNames: Record<Kind, string> = { convert: 'Convert', default: 'Set if absent', set: 'Set', rename: 'Rename', remove: 'Remove', truncate: 'Cut to length' }
/** What `value` is called; undefined where there is none. */
export const valueNames: Record<Kind, string | undefined> = { convert: 'To', default: 'Value', set: 'Value', rename: 'New name', remove: undefined, truncate: 'Characters' }

/** The step, or the sentence that says what is wrong with it. */
export function toStep({ kind, field, value }: DraftStep): RepairStep | string {
  const at = field.trim().replaceAll('.', '/')
  if (at === '' || !/^[^/]+(\/[^/]+)*$/.test(at)) return 'Name the field, for instance properties/playedMs.'
  switch (kind) {
    case 'set':
    case 'default':
      return value === '' ? `Give the value of ${at}.` : { do: kind, field: at, value: toValue(value) }
    case 'remove':
      return { do: 'remove', field: at }
    case 'rename':
      return value.trim() === '' || value.includes('/') ? `Give ${at} a new name, without a slash.` : { do: 'rename', field: at, to: value.trim() }
    case 'convert': {
      const to = TARGETS.find((target) => target === value)
      return to === undefined ? `Say what ${at} becomes.` : { do: 'convert', field: at, to }
    }
    case 'truncate': {
      const length = Number(value)
      return value.trim() === '' || !Number.isInteger(length) || length < 0 || length > 65_536 ? `Give a length from 0 to 65,536 for ${at}.` : { do: 'truncate', field: at, length }
    }
  }
}

/** 12, true, null, {"a":1} and "12" in quotes are what JSON says; anything else is a text as it stands. */
function toValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The likeliest first step for letters of a reason: what its rule asks for. */
export function suggestStep(reason: string): Omit<DraftStep, 'id'> {
  const cut = reason.lastIndexOf(' ')
  const [field, rule] = cut < 0 ? ['', ''] : [reason.slice(0, cut), reason.slice(cut + 1)]
  if (rule === 'type') return { kind: 'convert', field, value: 'integer' }
  if (rule === 'required') return { kind: 'default', field, value: '' }
  if (rule === 'maxLength') return { kind: 'truncate', field, value: '' }
  if (rule === 'additionalProperties') return { kind: 'remove', field: field.endsWith('/') || field === 'properties' ? `${field.replace(/\/$/, '')}/` : field, value: '' }
  return { kind: 'set', field, value: '' }
}

/** As `rondo events replay --repair` takes it. */
export function sayStep(step: RepairStep): string {
  if (step.do === 'remove') return `remove ${step.field}`
  const value = step.do === 'rename' || step.do === 'convert' ? step.to : step.do === 'truncate' ? String(step.length) : JSON.stringify(step.value)
  return `${step.do} ${step.field}=${value}`
}
