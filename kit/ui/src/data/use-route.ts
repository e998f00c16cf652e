// The data layer: a service's contract becomes a typed query that keeps old data while new data comes.
import { createCtx } from '@rondo/context'
import { createHttpClient, type Api, type Contract, type Input, type Output } from '@rondo/contract'
import { AppError, toAppError } from '@rondo/errors'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'

/** The typed client of a service, over HTTP from the portal's own origin. */
export function useApi<C extends Contract>(contract: C): Api<C> {
  return useMemo(() => createHttpClient(contract, { baseUrl: '' }), [contract])
}

export type RouteState<T> = {
  /** The last good answer, also while a newer one is fetched or could not be read. */
  data: T | undefined
  /** Why the newest answer is missing. With `data` set, show the data and mark it "as of". */
  error: AppError | undefined
  /** Nothing to show yet. */
  isLoading: boolean
  isFetching: boolean
  /** When `data` was read, epoch ms; undefined before the first answer. */
  asOf: number | undefined
  /** True when `data` is older than the newest attempt. */
  isStale: boolean
  retry: () => void
}

export type RouteOptions = {
  /** Reads again this often while the window is visible. */
  refetchMs?: number
  /** False waits, for instance until a parameter is known. */
  enabled?: boolean
}

type RouteName<C extends Contract> = keyof C['routes'] & string

/**
 * Reads a route: `const types = useRoute(eventsContract, 'listTypes', {}, { refetchMs: 5_000 })`.
 * Answers are shared between components by service, route and input.
 */
export function useRoute<C extends Contract, K extends RouteName<C>>(contract: C, route: K, input: Input<C['routes'][K]>, options: RouteOptions = {}): RouteState<Output<C['routes'][K]>> {
  const api = useApi(contract)
  const query = useQuery<Output<C['routes'][K]>, Error>({
    queryKey: [contract.service, route, input],
    queryFn: ({ signal }) => api[route](input, createCtx({ signal })),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchMs ?? false,
  })
  const error = query.error === null ? undefined : toAppError(query.error)
  return {
    data: query.data,
    error,
    isLoading: query.data === undefined && error === undefined,
    isFetching: query.isFetching,
    asOf: query.dataUpdatedAt === 0 ? undefined : query.dataUpdatedAt,
    isStale: query.data !== undefined && error !== undefined,
    retry: () => void query.refetch(),
  }
}

export type CallState<I, T> = {
  /** Resolves with the answer, or undefined when it failed (the reason is then in `error`). */
  call: (input: I) => Promise<T | undefined>
  isCalling: boolean
  error: AppError | undefined
  data: T | undefined
  reset: () => void
}

/** Changes something: `const replay = useCall(eventsContract, 'replayDead')`, then `replay.call({ type })`. All answers of that service are read again. */
export function useCall<C extends Contract, K extends RouteName<C>>(contract: C, route: K): CallState<Input<C['routes'][K]>, Output<C['routes'][K]>> {
  const api = useApi(contract)
  const queries = useQueryClient()
  const mutation = useMutation<Output<C['routes'][K]>, Error, Input<C['routes'][K]>>({
    mutationFn: (input) => api[route](input, createCtx()),
    onSettled: () => queries.invalidateQueries({ queryKey: [contract.service] }),
  })
  return {
    call: (input) => mutation.mutateAsync(input).catch(() => undefined),
    isCalling: mutation.isPending,
    error: mutation.error === null ? undefined : toAppError(mutation.error),
    data: mutation.data,
    reset: mutation.reset,
  }
}

/** Reads everything again that is on the screen, for instance after somebody signed in. */
export function useReadAgain(): () => void {
  const queries = useQueryClient()
  return useCallback(() => void queries.invalidateQueries(), [queries])
}
