// Planted: a door that pulls an error table into the browser.
import { eventsContract as twice } from '@rondo/errors'

export const eventsContract = { twice }
