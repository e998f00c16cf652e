// The one client library of this driver, loaded when an address names Pub/Sub. Its generated clients are used, whose calls answer one by one: the
// library's own subscriber takes ahead of its caller and resolves acknowledgements before the service has answered them.
import type * as Library from '@google-cloud/pubsub'
import { errors } from '../errors.ts'
import type { PubsubAddress } from './parse-pubsub-address.ts'
import { describe, ENGINE } from './pubsub-calls.ts'

export type PubsubLibrary = typeof Library

export type PubsubClient = {
  publisher: Library.v1.PublisherClient
  subscriber: Library.v1.SubscriberClient
}

/** Throws `LOG_DRIVER_MISSING` with the line that installs it. `load` is for tests. */
export async function loadPubsubLibrary(address: string, load: () => Promise<PubsubLibrary> = () => import('@google-cloud/pubsub')): Promise<PubsubLibrary> {
  try {
    return await load()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') throw errors.driverMissing({ address, install: '@google-cloud/pubsub@5.3.1' }, cause)
    throw cause
  }
}

/** Google's service is signed in to by the application default credentials. Throws `LOG_SIGN_IN_REFUSED`. */
export async function createPubsubClient({ PubSub, v1 }: PubsubLibrary, { project, emulator, shown }: PubsubAddress): Promise<PubsubClient> {
  const place = emulator === undefined ? { emulatorMode: false } : { apiEndpoint: emulator, emulatorMode: true, clientOptions: { universeDomain: 'googleapis.com' } }
  const { port, ...config } = await new PubSub({ projectId: project, ...place }).getClientConfig()
  // A thousand records of some KB are more than the 4 MB that gRPC takes by itself.
  const options = { ...config, ...(port === undefined ? {} : { port: Number(port) }), 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 }
  const client = { publisher: new v1.PublisherClient(options), subscriber: new v1.SubscriberClient(options) }
  try {
    // Here, because a client whose first call does it ends the process when there are no credentials (its rejection is nobody's).
    await Promise.all([client.publisher.initialize(), client.subscriber.initialize()])
  } catch (thrown) {
    throw errors.credentialsRefused({ engine: ENGINE, address: shown, reason: describe(thrown) }, thrown)
  }
  return client
}
