// A small set of definitions: plays folded by day, days folded by week over trailing windows.
import type { DefinitionSet, EndpointDefinition, PipelineDefinition } from '../src/contract.ts'

export const daily: EndpointDefinition = {
  name: 'listening-daily',
  owner: 'squad-data',
  description: 'Plays a listener, track and day',
  partition: 'daily',
  key: ['userId', 'trackId'],
  columns: [
    { name: 'userId', type: 'string', personal: 'narrow' },
    { name: 'trackId', type: 'string', personal: 'none' },
    { name: 'plays', type: 'integer', personal: 'none' },
    { name: 'day', type: 'timestamp', personal: 'none' },
  ],
  retention: '365d',
  slo: { landsWithinMinutes: 60 },
  checks: [
    { rule: 'not-null', column: 'userId', action: 'block' },
    { rule: 'unique', columns: ['userId', 'trackId'], action: 'block' },
    { rule: 'range', column: 'plays', min: 0, max: 100, action: 'warn' },
  ],
}

export const weekly: EndpointDefinition = {
  name: 'taste-weekly',
  owner: 'squad-discovery',
  description: 'Plays a listener and track over two weeks',
  partition: 'weekly',
  key: ['userId', 'trackId'],
  columns: [
    { name: 'userId', type: 'string', personal: 'narrow' },
    { name: 'trackId', type: 'string', personal: 'none' },
    { name: 'plays', type: 'integer', personal: 'none' },
    { name: 'days', type: 'integer', personal: 'none' },
  ],
  retention: '365d',
  slo: { landsWithinMinutes: 120 },
}

export const fillDaily: PipelineDefinition = {
  name: 'fold-plays',
  owner: 'squad-data',
  description: 'Folds plays',
  output: 'listening-daily',
  inputs: { plays: { endpoint: 'track-played' } },
  sql: `select "userId", trackId, count(*) as plays, $start as day from plays where occurredAt < $end group by all`,
}

export const fillWeekly: PipelineDefinition = {
  name: 'fold-weeks',
  owner: 'squad-discovery',
  description: 'Folds days',
  output: 'taste-weekly',
  inputs: { listening: { endpoint: 'listening-daily', partitions: { trailing: 14 } } },
  sql: `select userId, trackId, sum(plays) as plays, count(distinct day) as days from listening group by all; -- two weeks`,
}

export const listening: DefinitionSet = { endpoints: [daily, weekly], pipelines: [fillDaily, fillWeekly] }
