// Planted: a store knows a service, and a driver that only the hall may open.
import type { eventsContract } from '@rondo/events/contract'

export const openRelational = (contract: typeof eventsContract): unknown => contract
