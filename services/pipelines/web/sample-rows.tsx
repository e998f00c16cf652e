// A few rows of an endpoint, read through SQL as everybody else reads it.
import { Button, EmptyState, ErrorState, formatCount, formatDuration, Section, Skeleton } from '@rondo/ui'
import type { EndpointRow } from '@rondo/pipelines/contract'
import { useEffect } from 'react'
import { newestOf } from './sql-examples.ts'
import { SqlTable } from './sql-table.tsx'
import { useSql } from './use-sql.ts'

const ROWS = 50

export function SampleRows({ endpoint }: { endpoint: EndpointRow }) {
  const { run, result, error, isRunning } = useSql()
  const sql = newestOf(endpoint, ROWS)
  useEffect(() => run(sql, ROWS), [run, sql])
  if (error !== undefined) return <ErrorState what="Could not read its rows" error={error} onRetry={() => run(sql, ROWS)} />
  if (result === undefined) return isRunning ? <Skeleton lines={10} /> : null
  if (result.rows.length === 0) return <EmptyState title="It holds no rows yet.">They come with the first partition.</EmptyState>
  return (
    <Section flush title="Newest rows" hint={`${formatCount(result.rows.length)}, in ${formatDuration(result.tookMs)}; personal columns show to those who may see them`} aside={<Button to={`/ask?sql=${encodeURIComponent(sql)}`}>Ask more</Button>}>
      <SqlTable result={result} />
    </Section>
  )
}
