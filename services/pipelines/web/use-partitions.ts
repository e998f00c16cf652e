// Partitions of many endpoints at once, for the grid: one question each, answered as they come.
import { createCtx } from '@rondo/context'
import { pipelinesContract, type EndpointRow, type PartitionRow } from '@rondo/pipelines/contract'
import { useApi } from '@rondo/ui'
import { useQueries } from '@tanstack/react-query'

/** By endpoint name; absent while unknown. `from` is an ISO instant. */
export function usePartitions(endpoints: readonly EndpointRow[], from: string): Map<string, PartitionRow[]> {
  const api = useApi(pipelinesContract)
  const answers = useQueries({
    queries: endpoints.map(({ name }) => ({
      queryKey: [pipelinesContract.service, 'listPartitions', { name, from }],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.listPartitions({ name, from }, createCtx({ signal })),
      refetchInterval: 30_000,
    })),
  })
  return new Map(endpoints.flatMap(({ name }, index): [string, PartitionRow[]][] => {
    const rows = answers[index]?.data?.rows
    return rows === undefined ? [] : [[name, rows]]
  }))
}
