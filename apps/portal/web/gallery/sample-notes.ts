// Repeatable notes for the gallery.
import type { StaffNote } from '@rondo/ui'

export function sampleNotes(seed: number, late = false): StaffNote[] {
  return Array.from({ length: 24 }, (_, index) => {
    const chance = Math.abs(Math.sin((seed + 1) * 127.1 + index * 311.7) * 43758.5453) % 1
    return { at: String(index), value: late && index > 21 ? 100 - 30 : 100 + (chance - 0.5) * 36, usual: 100, spread: 10 }
  })
}
