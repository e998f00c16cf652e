// What a replay of dead letters did, in words.
import { formatCount, formatThings } from '@rondo/ui/format'

export type Replayed = { examined: number; accepted: number; duplicate: number; stillDead: number }

/** Of several calls, one behind the other. */
export function addReplay(sum: Replayed | undefined, part: Replayed): Replayed {
  const { examined, accepted, duplicate, stillDead } = part
  if (sum === undefined) return { examined, accepted, duplicate, stillDead }
  return { examined: sum.examined + examined, accepted: sum.accepted + accepted, duplicate: sum.duplicate + duplicate, stillDead: sum.stillDead + stillDead }
}

/** Two sentences at most: what was delivered, and what that leaves. */
export function sayReplay({ examined, accepted, duplicate, stillDead }: Replayed): { title: string; rest: string } {
  const title = accepted > 0 ? `${formatThings(accepted, 'letter')} of ${formatCount(examined)} ${accepted === 1 ? 'was' : 'were'} delivered.` : `None of ${formatThings(examined, 'letter')} fits the schema of today.`
  const rest = [
    stillDead > 0 ? `${formatCount(stillDead)} still ${stillDead === 1 ? 'does' : 'do'} not fit: change the schema, or ask the sender.` : '',
    duplicate > 0 ? `${formatCount(duplicate)} had been sent again meanwhile and count once.` : '',
  ]
  return { title, rest: rest.filter((sentence) => sentence !== '').join(' ') }
}

/** How many of the letters that were tried are shown. */
export function saySamples(shown: number, examined: number): string {
  return shown >= examined ? `All ${formatCount(examined)} are shown.` : `The oldest ${formatCount(shown)} of ${formatCount(examined)} are shown.`
}
