// The one client library of this driver, loaded when an address names Kafka.
import type * as Kafka from '@platformatic/kafka'
import { errors } from '../errors.ts'

export type KafkaClient = typeof Kafka

/** Throws `LOG_DRIVER_MISSING` with the line that installs it. `load` is for tests. */
export async function loadKafkaClient(address: string, load: () => Promise<KafkaClient> = () => import('@platformatic/kafka')): Promise<KafkaClient> {
  try {
    return await load()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') throw errors.driverMissing({ address, install: '@platformatic/kafka@2.12.1' }, cause)
    throw cause
  }
}
