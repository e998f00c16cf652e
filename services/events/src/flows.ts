// The standing of a type when nothing has happened yet.
import type { EventType } from './domain/event-type.ts'
import type { DeadFlow, Flow } from './room.ts'
import { deadTopic } from './topics.ts'

export function createFlow(type: EventType): Flow {
  return {
    type,
    end: 0,
    landed: 0,
    firstUnlandedMs: Infinity,
    foundEnd: 0,
    open: new Map(),
    landedRows: 0,
    dead: createDeadFlow(type.name),
    sealing: undefined,
    lastEventMs: 0,
    brokenUntilMs: 0,
    brokenBy: undefined,
    retiredAtMs: undefined,
    accepted: 0,
    duplicates: 0,
  }
}

export function createDeadFlow(name: string): DeadFlow {
  return { end: 0, replayed: 0, topic: deadTopic(name), exists: false, count: 0 }
}
