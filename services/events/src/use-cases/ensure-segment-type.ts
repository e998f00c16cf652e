// Segment's own calls need no registration: their type is made at the first one, open to any traits.
import type { Room } from '../room.ts'
import { putType } from './put-type.ts'

const SAYS: Record<string, string> = {
  identify: 'Who a user is, with traits, as sent by Segment clients.',
  page: 'A page viewed, as sent by Segment clients.',
  screen: 'A screen viewed, as sent by Segment clients.',
  group: 'A user joined a group, as sent by Segment clients.',
  alias: 'Two identities are one user, as sent by Segment clients.',
}

export async function ensureSegmentType(room: Room, call: string): Promise<void> {
  if (room.flows.has(call)) return
  await putType(room, {
    name: call,
    version: '1-0-0',
    owner: 'group:default/squad-events',
    description: SAYS[call] ?? '',
    slo: 'bronze',
    retention: '90d',
    schema: { type: 'object', properties: {}, additionalProperties: true },
  })
}
