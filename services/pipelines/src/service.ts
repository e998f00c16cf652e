// The pipelines room put together: its api, its two jobs, its metrics.
import { createCtx } from '@rondo/context'
import type { Service } from '@rondo/contract'
import { migrations } from '../migrations/index.ts'
import { pipelinesContract, type PipelineRow, type PipelinesContract } from './contract.ts'
import { errors } from './errors.ts'
import { openRoom, type PipelinesDeps, type Room } from './room.ts'
import { findRun, listRuns } from './store/run-store.ts'
import { createEnforceRetention } from './use-cases/enforce-retention.ts'
import { putDefinitions } from './use-cases/put-definitions.ts'
import { querySql } from './use-cases/query-sql.ts'
import { getEndpoint, listEndpoints, listPartitions } from './use-cases/read-endpoints.ts'
import { readLineage } from './use-cases/read-lineage.ts'
import { readMetrics, readPulse } from './use-cases/read-pulse.ts'
import { createRunDue } from './use-cases/run-due.ts'
import { startRun } from './use-cases/start-run.ts'

export async function createPipelinesService(deps: PipelinesDeps): Promise<Service<PipelinesContract>> {
  const ctx = createCtx({ principal: { kind: 'service', name: 'pipelines' } })
  await deps.relational.migrate(migrations, ctx)
  const room = await openRoom(deps)
  return {
    contract: pipelinesContract,
    api: {
      putDefinitions: ({ body }, ctx) => putDefinitions(room, body, ctx),
      listEndpoints: async (_, ctx) => ({ rows: await listEndpoints(room, ctx) }),
      getEndpoint: ({ name }, ctx) => getEndpoint(room, name, ctx),
      listPartitions: async (input, ctx) => ({ rows: await listPartitions(room, input, ctx) }),
      listPipelines: async () => ({ rows: listPipelines(room) }),
      lineage: (input, ctx) => readLineage(room, input, ctx),
      listRuns: async (input) => ({ rows: await listRuns(deps.relational, { ...input, limit: input.limit ?? 100 }) }),
      getRun: ({ id }) => getRun(room, id),
      startRun: ({ body }, ctx) => startRun(room, body, ctx),
      sql: ({ body }, ctx) => querySql(room, body, ctx),
      pulse: () => readPulse(room),
    },
    jobs: [
      { name: 'pipelines.run-due', everyMs: 1_000, run: createRunDue(room) },
      { name: 'pipelines.enforce-retention', everyMs: 60_000, run: createEnforceRetention(room) },
    ],
    metrics: () => readMetrics(room),
    async ready(ctx) {
      await Promise.all([deps.relational.ready(ctx), deps.objects.ready(ctx), deps.analytics.ready(ctx)])
    },
    close: () => room.close(ctx),
  }
}

function listPipelines(room: Room): PipelineRow[] {
  return [...room.picture.graph.pipelines.values()].map(({ definition, inputs, codeVersion }) => ({
    name: definition.name,
    owner: definition.owner,
    description: definition.description,
    output: definition.output,
    inputs: [...new Set(inputs.map((input) => input.endpoint))],
    codeVersion,
  }))
}

async function getRun(room: Room, id: string) {
  const run = await findRun(room.deps.relational, id)
  if (run === undefined) throw errors.runUnknown({ run: id })
  return run
}
