// What a store gives back may be anything by now: another hand, another version, half a write.
import type { WireEvent } from './types.ts'

export const isEvent = (found: Partial<WireEvent> | null | undefined): found is WireEvent => !!(found?.id && found.type)
