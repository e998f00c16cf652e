// Beside the closed files of an hour lies what they hold, so that the folder explains itself without the database.
import { createHash } from 'node:crypto'
import { toIso } from '@rondo/time'
import { HOUSE, type Room } from '../room.ts'
import type { Bucket } from '../store/bucket-store.ts'
import type { Loss } from '../store/loss-store.ts'

/** One object an hour and round: `events/manifests/day=2026-09-21/hour=09-<content>.json`. */
export async function writeManifests(room: Room, closed: Bucket[], losses: Loss[]): Promise<void> {
  const byHour = new Map<string, Bucket[]>()
  for (const bucket of closed) byHour.set(bucket.hour, [...(byHour.get(bucket.hour) ?? []), bucket])
  await Promise.all(
    [...byHour].map(async ([hour, buckets]) => {
      const manifest = JSON.stringify({ hour, ...describeLoss(losses, buckets[0]), buckets: buckets.map(describe) }, null, 1)
      const name = createHash('sha256').update(manifest).digest('hex').slice(0, 12)
      const [day, clock] = hour.split('T')
      await room.deps.objects.put(`events/manifests/day=${day}/hour=${clock}-${name}.json`, Buffer.from(manifest), {}, HOUSE)
    }),
  )
}

/** What clients numbered in the hour, over all types, where it ended with this round. */
function describeLoss(losses: Loss[], bucket: Bucket | undefined): object {
  const found = losses.find(({ startMs }) => startMs === bucket?.startMs)
  if (found === undefined) return {}
  const { startMs: _startMs, ...loss } = found
  return { clients: loss }
}

function describe({ type, rows, late, version, files }: Bucket): object {
  return {
    type,
    rows,
    late,
    version,
    files: files.map(({ minOccurredMs, maxOccurredMs, from, to, ...file }) => ({ ...file, offsets: [from, to], occurred: [toIso(minOccurredMs), toIso(maxOccurredMs)] })),
  }
}
