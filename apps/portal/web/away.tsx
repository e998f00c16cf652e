// A band on every page while Rondo itself does not answer: what is shown is old, and goes on by itself.
import { Button, formatAge, Notice, StateMark } from '@rondo/ui'
import type { PlatformInfo, RouteOf } from './use-loop.ts'

export function Away({ info }: { info: RouteOf<PlatformInfo> }) {
  if (!info.isStale || info.asOf === undefined) return null
  return (
    <Notice tone="late" mark={<StateMark state="silent" />} title={`Rondo does not answer. What is shown is ${formatAge(Date.now() - info.asOf)} old.`} actions={<Button onClick={info.retry}>Try now</Button>}>
      The page goes on by itself as soon as Rondo is back.
    </Notice>
  )
}
