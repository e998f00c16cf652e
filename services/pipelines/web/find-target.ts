// Which partition an endpoint's own button runs.
import type { EndpointDetail } from '@rondo/pipelines/contract'
import type { RunTarget } from './use-run.tsx'

/** What the page's own button runs: the oldest partition that failed, else the one under way as far as it has come. */
export function findTarget(endpoint: EndpointDetail): RunTarget | undefined {
  if (endpoint.pipeline === null) return undefined
  const base = { pipeline: endpoint.pipeline, kind: endpoint.partition }
  const broken = endpoint.recent.findLast((one) => one.state === 'failed' || one.state === 'blocked')
  if (broken !== undefined) return { ...base, partition: broken.partition, provisional: false, verb: 'Rerun' }
  const newest = endpoint.recent[0]
  if (newest === undefined) return undefined
  return { ...base, partition: newest.partition, provisional: newest.state === 'open' || newest.provisional, verb: newest.state === 'published' ? 'Rerun' : 'Run' }
}
