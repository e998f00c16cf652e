// Asks the other rooms what they run and how it is. A room that is not there or fails leaves its part out and says so.
import type { Ctx } from '@rondo/context'
import type { Log, Peer, Pulse } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { experimentsContract } from '@rondo/experiments/contract'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import type { LiveFacts } from '../contract.ts'
import { toEndpointThing, toEventTypeThing, toExperimentThing, toFlagThing, toModelThing, toPipelineThing } from '../domain/live-entities.ts'
import type { LiveThing } from '../domain/live-thing.ts'

export type RoomAnswer = {
  room: string
  /** Undefined: the room did not answer. */
  things: LiveThing[] | undefined
  /** How the service of the room itself is. */
  pulse: LiveFacts | undefined
}

type Question = { room: string; ask(ctx: Ctx, asOf: string): Promise<LiveThing[]>; pulse(ctx: Ctx): Promise<Heart> }
type Heart = Pick<Pulse, 'state' | 'rate' | 'lagMs' | 'notes'>

export function createRoomQuestions(peer: Peer): Question[] {
  return [
    {
      room: 'events',
      ask: async (ctx, asOf) => (await peer(eventsContract).listTypes({}, ctx)).rows.map((row) => toEventTypeThing(row, asOf)),
      pulse: (ctx) => peer(eventsContract).pulse({}, ctx),
    },
    {
      room: 'pipelines',
      async ask(ctx, asOf) {
        const [endpoints, pipelines] = await Promise.all([peer(pipelinesContract).listEndpoints({}, ctx), peer(pipelinesContract).listPipelines({}, ctx)])
        const things = endpoints.rows.flatMap((row) => toEndpointThing(row, asOf) ?? [])
        const byName = new Map(things.map((thing) => [thing.entity.metadata.name, thing]))
        return [...things, ...pipelines.rows.map((row) => toPipelineThing(row, byName.get(row.output), asOf))]
      },
      pulse: (ctx) => peer(pipelinesContract).pulse({}, ctx),
    },
    {
      room: 'experiments',
      async ask(ctx, asOf) {
        const room = peer(experimentsContract)
        const [experiments, flags, metrics] = await Promise.all([room.listExperiments({}, ctx), room.listFlags({}, ctx), room.listMetrics({}, ctx)])
        const datasets = new Map(metrics.rows.map((metric) => [metric.name, metric.endpoint]))
        // Flags first: when one is called like an experiment, the experiment depends on it by that name.
        return [...flags.rows.map((row) => toFlagThing(row, asOf)), ...experiments.rows.map((row) => toExperimentThing(row, datasets, asOf))]
      },
      pulse: (ctx) => peer(experimentsContract).pulse({}, ctx),
    },
    {
      room: 'recommendations',
      async ask(ctx, asOf) {
        const room = peer(recommendationsContract)
        const [definitions, models, { state }] = await Promise.all([room.listModelDefinitions({}, ctx), room.listModels({}, ctx), room.pulse({}, ctx)])
        return definitions.rows.map((row) => toModelThing(row, models.rows.find(({ name }) => name === row.name), state, asOf))
      },
      pulse: (ctx) => peer(recommendationsContract).pulse({}, ctx),
    },
  ]
}

/** All rooms at once; never throws. `asOf` is the instant of the question, ISO. */
export function askRooms(questions: readonly Question[], ctx: Ctx, asOf: string, log: Log): Promise<RoomAnswer[]> {
  return Promise.all(
    questions.map(async ({ room, ask, pulse }): Promise<RoomAnswer> => {
      const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
        try {
          return await work()
        } catch (thrown) {
          const { code, message } = toAppError(thrown)
          log.debug(`The room ${room} did not answer the catalog`, { code, message })
          return undefined
        }
      }
      const [things, heart] = await Promise.all([attempt(() => ask(ctx, asOf)), attempt(async () => toFacts(await pulse(ctx), asOf))])
      return { room, things, pulse: heart }
    }),
  )
}

function toFacts({ state, rate, lagMs, notes }: Heart, asOf: string): LiveFacts {
  return { state, lastRunAt: notes.at(-1)?.at ?? null, ratePerHour: null, latenessMs: state === 'late' ? lagMs : null, note: rate, asOf }
}
