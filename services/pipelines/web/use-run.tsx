// Runs one partition now and tells how it ended.
import { pipelinesContract } from '@rondo/pipelines/contract'
import type { PartitionKind } from '@rondo/time'
import { Button, ErrorState, formatDuration, formatThings, Link, Notice, StateMark, useActions, useCall } from '@rondo/ui'
import { namePartition } from './partition-cells.ts'

export type RunTarget = { pipeline: string; partition: string; kind: PartitionKind; /** Over inputs that are still open. */ provisional: boolean; verb: 'Run' | 'Rerun' }

/** `target` is what the page's own action runs; undefined offers none. */
export function useRun(target: RunTarget | undefined) {
  const start = useCall(pipelinesContract, 'startRun')
  const run = ({ pipeline, partition, provisional }: RunTarget): void => void start.call({ body: { pipeline, partition, ...(provisional ? { provisional } : {}) } })
  const label = target === undefined ? '' : sayRun(target)
  useActions(target === undefined ? [] : [{ id: 'run', label: `${label} with ${target.pipeline}`, says: target.provisional ? 'Over what has landed so far; it is made again when its inputs close.' : 'An instance that stands published already is not made twice.', key: 'r', run: () => run(target) }])
  return { ...start, run, label }
}

export type Run = ReturnType<typeof useRun>

export function sayRun({ verb, kind, partition, provisional }: RunTarget): string {
  return `${verb} ${namePartition(kind, partition)}${provisional ? ' so far' : ''}`
}

export function RunNotice({ run, kind }: { run: Run; kind: PartitionKind }) {
  if (run.error !== undefined) return <ErrorState what="Could not run it" error={run.error} />
  if (run.data === undefined) return null
  const { state, partition, rows, durationMs, error, skipped, id } = run.data
  const said = namePartition(kind, partition)
  const name = said.charAt(0).toUpperCase() + said.slice(1)
  const actions = <><Button to={`/data/runs?peek=${id}`}>See the run</Button><Button kind="bare" onClick={run.reset}>Dismiss</Button></>
  if (skipped) return <Notice tone="tonic" mark={<StateMark state="healthy" />} title={`${name} stands already: the same code over the same inputs.`} actions={actions}>Nothing ran. It is the run that published it.</Notice>
  if (state === 'published') return <Notice tone="tonic" mark={<StateMark state="healthy" />} title={`${name} is published: ${formatThings(rows ?? 0, 'row')} in ${formatDuration(durationMs)}.`} actions={actions} />
  return <Notice tone={state === 'blocked' ? 'blocked' : 'bad'} mark={<StateMark state={state === 'blocked' ? 'blocked' : 'failed'} />} title={`${name} ${state === 'blocked' ? 'is blocked' : 'failed'}: ${error?.message ?? 'no reason was given'}`} actions={actions}>{error !== null && <Link className="link" to={`/data/runs?peek=${id}`}>{error.code}</Link>}</Notice>
}
