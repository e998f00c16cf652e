// Feeds by URL.
import { openEventLog, type OpenEventLogOptions } from '../open.ts'
import { createFeedOverLog } from './feed-over-log.ts'
import type { EventFeed } from './port.ts'

/**
 * `pubsub://project`, or the address of any log. Throws what `openEventLog` throws; Pub/Sub `LOG_ADDRESS_INVALID`, `LOG_DRIVER_MISSING`,
 * `LOG_UNREACHABLE`, `LOG_SIGN_IN_REFUSED`, `LOG_ENGINE_REFUSED`.
 */
export async function openEventFeed(url: string, options: OpenEventLogOptions = {}): Promise<EventFeed> {
  if (/^pubsub:/.test(url)) return (await import('../pubsub/open-pubsub-feed.ts')).openPubsubFeed(url)
  return createFeedOverLog(await openEventLog(url, options))
}
