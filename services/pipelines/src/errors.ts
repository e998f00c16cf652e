// Every error of this room in one table.
import { defineErrors, entry } from '@rondo/errors'
import type { Violation } from './domain/definition-graph.ts'

export const errors = defineErrors({
  badDefinitions: entry({
    code: 'DEFINITIONS_REFUSED',
    kind: 'invalid',
    message: (d: { violations: Violation[] }) => d.violations.map((v) => `"${v.where}" ${v.message}.`).join('\n'),
    help: 'Nothing was changed; the set that ran before still runs. Correct these and send the whole set again.',
  }),
  endpointUnknown: entry({
    code: 'ENDPOINT_NOT_FOUND',
    kind: 'not-found',
    message: (d: { endpoint: string }) => `No endpoint or event type is called "${d.endpoint}".`,
  }),
  datasetUnknown: entry({
    code: 'DATASET_NOT_FOUND',
    kind: 'not-found',
    message: (d: { dataset: string; known: string[] }) => `No dataset is called "${d.dataset}".`,
    help: (d) => (d.known.length === 0 ? 'Nothing is defined yet: no event type, no endpoint.' : `There are, the closest first: ${d.known.slice(0, 20).join(', ')}${d.known.length > 20 ? ` and ${d.known.length - 20} more` : ''}.`),
  }),
  pipelineUnknown: entry({
    code: 'PIPELINE_NOT_FOUND',
    kind: 'not-found',
    message: (d: { pipeline: string }) => `No pipeline is called "${d.pipeline}".`,
  }),
  runUnknown: entry({ code: 'RUN_NOT_FOUND', kind: 'not-found', message: (d: { run: string }) => `There is no run "${d.run}".` }),
  badPartition: entry({
    code: 'BAD_PARTITION',
    kind: 'invalid',
    message: (d: { partition: string; kind: string }) => `"${d.partition}" is no ${d.kind} partition.`,
    help: 'Write an hour as 2026-09-21T09, a day as 2026-09-21, a week as its Monday, an unpartitioned dataset as "all".',
  }),
  partitionAhead: entry({
    code: 'PARTITION_AHEAD',
    kind: 'invalid',
    message: (d: { partition: string; begins: string }) => `Partition "${d.partition}" begins at ${d.begins}, which is still to come.`,
  }),
  inputsOpen: entry({
    code: 'INPUTS_OPEN',
    kind: 'conflict',
    message: (d: { pipeline: string; partition: string; missing: string[] }) => `"${d.pipeline}" cannot run for "${d.partition}" yet: ${d.missing.join('; ')}.`,
    help: 'Wait until they close, or run it provisionally over what has landed so far.',
  }),
  inputsExpired: entry({
    code: 'INPUTS_EXPIRED',
    kind: 'conflict',
    message: (d: { pipeline: string; partition: string; expired: string[] }) => `"${d.pipeline}" cannot run for "${d.partition}" any more: retention has taken ${d.expired.join(', ')}.`,
    help: 'What stands published stays as it is. For longer histories, raise the retention of these inputs before it takes them.',
  }),
  runOvertaken: entry({
    code: 'RUN_OVERTAKEN',
    kind: 'conflict',
    message: (d: { run: string }) => `Run "${d.run}" took longer than this process kept its turn; a later scheduler has taken it over.`,
  }),
  schedulerElsewhere: entry({
    code: 'SCHEDULER_ELSEWHERE',
    kind: 'unavailable',
    message: (_: Record<string, never>) => 'Another process is the scheduler of these pipelines at the moment.',
    help: 'Ask that process, or try again in a minute.',
  }),
})
