// A process of the fault tests: takes what a group is given, prints it as processed, and never acknowledges it.
import { createCtx } from '@rondo/context'
import { openEventFeed } from '../src/index.ts'

const [url = '', topic = '', group = ''] = process.argv.slice(2)
const ctx = createCtx()
const feed = await openEventFeed(url)
const subscription = await feed.subscribe({ topic, group, ackDeadlineMs: 10_000 }, ctx)
for (;;) for (const { key } of await subscription.take({ timeoutMs: 60_000 }, ctx)) process.stdout.write(`${key}\n`)
