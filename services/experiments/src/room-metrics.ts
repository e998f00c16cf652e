// Figures of this room for Prometheus.
import type { Metric } from '@rondo/contract'
import type { Resolution } from './contract.ts'
import type { Room } from './deps.ts'
import type { EventStreams } from './dialects/ofrep/stream.ts'

export function createRoomMetrics(room: Pick<Room, 'flags'>, streams: Pick<EventStreams, 'open'>) {
  let looks = 0
  const resolved = new Map<string, number>()
  return {
    countLooks(taken: number): void {
      looks += taken
    },
    countResolved(resolution: Resolution): Resolution {
      resolved.set(resolution.reason, (resolved.get(resolution.reason) ?? 0) + 1)
      return resolution
    },
    read: (): Metric[] => [
      { name: 'rondo_experiments_flags', help: 'Flags in force', type: 'gauge', samples: [{ value: room.flags.list().length }] },
      { name: 'rondo_experiments_running', help: 'Experiments that run now', type: 'gauge', samples: [{ value: new Set(room.flags.list().flatMap((flag) => flag.overlays.after.map((overlay) => overlay.experiment))).size }] },
      { name: 'rondo_experiments_streams', help: 'Open event streams of OFREP', type: 'gauge', samples: [{ value: streams.open() }] },
      { name: 'rondo_experiments_looks_total', help: 'Looks taken since the start of the process', type: 'counter', samples: [{ value: looks }] },
      { name: 'rondo_experiments_resolved_total', help: 'Flags resolved through the control plane by reason', type: 'counter', samples: [...resolved].map(([reason, value]) => ({ labels: { reason }, value })) },
    ],
  }
}
