// What Prometheus reads of this room.
import type { Metric } from '@rondo/contract'
import { receiveTime, type Room } from './room.ts'

export function listMetrics(room: Room): Metric[] {
  const flows = [...room.flows.values()]
  const byType = (read: (flow: (typeof flows)[number]) => number): Metric['samples'] => flows.map((flow) => ({ labels: { type: flow.type.name }, value: read(flow) }))
  const nowMs = receiveTime(room)
  const single = (value: number): Metric['samples'] => [{ value }]
  return [
    { name: 'rondo_events_accepted_total', help: 'Events made durable since the start, by type', type: 'counter', samples: byType((flow) => flow.accepted) },
    { name: 'rondo_events_duplicate_total', help: 'Events recognised as duplicates since the start, by type', type: 'counter', samples: byType((flow) => flow.duplicates) },
    { name: 'rondo_events_dead_total', help: 'Dead letters written since the start, by type', type: 'counter', samples: [...byType((flow) => flow.dead.count), { labels: { type: 'unknown' }, value: room.unknown.count }] },
    { name: 'rondo_events_in_flight', help: 'Durable events that are in no bucket yet, by type', type: 'gauge', samples: byType((flow) => flow.end - flow.landed) },
    { name: 'rondo_events_landing_lag_seconds', help: 'Age of the oldest event that is in no bucket yet, by type', type: 'gauge', samples: byType((flow) => (flow.end > flow.landed ? Math.max(0, nowMs - flow.firstUnlandedMs) / 1000 : 0)) },
    { name: 'rondo_events_over_quota_total', help: 'Requests refused because their key had sent all that it may, by key', type: 'counter', samples: [...room.quotas.refused].map(([key, value]) => ({ labels: { key }, value })) },
    { name: 'rondo_events_unknown_fields_total', help: 'Events taken with a field that nobody reads since the start, by type and field', type: 'counter', samples: room.unknownFields.list().flatMap(({ type, counts }) => counts.map(({ field, count }) => ({ labels: { type, field }, value: count }))) },
    { name: 'rondo_events_reader_lag', help: 'Events that a named reader has not read yet, by type and reader', type: 'gauge', samples: room.readers.list().map(({ type, reader, offset }) => ({ labels: { type, reader }, value: Math.max(0, (room.flows.get(type)?.end ?? offset) - offset) })) },
    { name: 'rondo_events_appends_total', help: 'Requests appended to the log', type: 'counter', samples: single(room.append.calls) },
    { name: 'rondo_events_append_seconds_total', help: 'Time requests waited for the log', type: 'counter', samples: single(room.append.totalMs / 1000) },
    { name: 'rondo_events_append_failures_total', help: 'Requests the log refused', type: 'counter', samples: single(room.append.failures) },
    { name: 'rondo_events_landed_rows_total', help: 'Rows written to buckets', type: 'counter', samples: single(room.landing.rows) },
    { name: 'rondo_events_landed_files_total', help: 'Files written to buckets', type: 'counter', samples: single(room.landing.files) },
    { name: 'rondo_events_landing_failures_total', help: 'Landings of a type that failed', type: 'counter', samples: single(room.landing.failures) },
    { name: 'rondo_events_landing_seconds_total', help: 'Time spent landing', type: 'counter', samples: single(room.landing.totalMs / 1000) },
    { name: 'rondo_events_remembered_ids', help: 'Event ids held for deduplication', type: 'gauge', samples: single(room.recent.size) },
    { name: 'rondo_events_remembered_bytes', help: 'Memory held for deduplication', type: 'gauge', samples: single(room.recent.sizeBytes) },
    { name: 'rondo_events_remembered_disk_bytes', help: 'Files of ids that memory does not hold', type: 'gauge', samples: single(room.ids.segments?.diskBytes ?? 0) },
    { name: 'rondo_events_remembered_segments', help: 'Files of ids that memory does not hold, counted', type: 'gauge', samples: single(room.ids.segments?.count ?? 0) },
    { name: 'rondo_events_dedup_disk_looks_total', help: 'Looks for an id on disk', type: 'counter', samples: single(room.ids.segments?.looks ?? 0) },
    { name: 'rondo_events_dedup_disk_failures_total', help: 'Looks for an id that the disk refused, files of ids that could not be written, and damaged ones', type: 'counter', samples: [{ labels: { of: 'look' }, value: room.ids.segments?.failedLooks ?? 0 }, { labels: { of: 'write' }, value: room.ids.failures }, { labels: { of: 'file' }, value: room.ids.segments?.damaged ?? 0 }] },
    { name: 'rondo_events_dedup_turned_early_total', help: 'Times the window of deduplication was shortened by its memory limit', type: 'counter', samples: single(room.recent.turnedEarly) },
  ]
}
