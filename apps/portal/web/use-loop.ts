// Everything the loop says about itself, read from the rooms that know it; rooms that do not answer stay undefined.
import { eventsContract } from '@rondo/events/contract'
import { experimentsContract, type Learning } from '@rondo/experiments/contract'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { platformContract } from '@rondo/platform/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import type { Output, Pulse } from '@rondo/contract'
import { useRoute, type RouteState } from '@rondo/ui'

export type RouteOf<T> = RouteState<T>
export type PlatformInfo = Output<(typeof platformContract)['routes']['info']>
export type Turn = Output<(typeof recommendationsContract)['routes']['turn']>
export type Audience = Output<(typeof recommendationsContract)['routes']['audience']>
export type Running = Output<(typeof experimentsContract)['routes']['listExperiments']>
export type Pulses = Record<'events' | 'pipelines' | 'recommendations' | 'experiments', RouteState<Pulse>>

const EVERY = { refetchMs: 5_000 }

export function useInfo(): RouteState<PlatformInfo> {
  return useRoute(platformContract, 'info', {}, EVERY)
}

export function usePulses(): Pulses {
  return {
    events: useRoute(eventsContract, 'pulse', {}, EVERY),
    pipelines: useRoute(pipelinesContract, 'pulse', {}, EVERY),
    recommendations: useRoute(recommendationsContract, 'pulse', {}, EVERY),
    experiments: useRoute(experimentsContract, 'pulse', {}, EVERY),
  }
}

export function useTurn(): RouteState<Turn> {
  return useRoute(recommendationsContract, 'turn', {}, { refetchMs: 15_000 })
}

export function useLearning(): RouteState<Learning> {
  return useRoute(experimentsContract, 'learning', {}, { refetchMs: 15_000 })
}

export function useAudience(): RouteState<Audience> {
  return useRoute(recommendationsContract, 'audience', {}, EVERY)
}

export function useRunning(): RouteState<Running> {
  return useRoute(experimentsContract, 'listExperiments', { state: 'running' }, { refetchMs: 15_000 })
}
