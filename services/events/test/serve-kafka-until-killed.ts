// A process that serves Kafka's clients until it is killed: `node serve-kafka-until-killed.ts FOLDER PORT`; says "up" when it listens.
import { createManualClock } from '@rondo/time'
import { ctx, START_MS, trackPlayed } from './events-house.ts'
import { openKafkaHouse } from './kafka-house.ts'

const [, , folder = '', port = '0'] = process.argv
const house = await openKafkaHouse(folder, createManualClock(START_MS), { port: Number(port) })
await house.api.putType({ type: trackPlayed.name, body: trackPlayed }, ctx)
process.stdout.write(`up ${house.service.kafka?.port}\n`)
