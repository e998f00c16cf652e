// Planted: the kit knows a service.
export { eventsContract } from '@rondo/events/contract'
