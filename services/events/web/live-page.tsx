// The frame of the page of all events, with what is accepted right now: each second only this is drawn anew, not the list in it.
import { Button, formatRate, Page, StateGlyph, useActions } from '@rondo/ui'
import type { ReactNode } from 'react'
import { LiveStrip } from './live-strip.tsx'
import { useLiveEvents } from './use-live-events.ts'

/** `above` the live line stands what is of the day, under it the list. */
export function LivePage({ meta, above, children }: { meta: string | undefined; above: ReactNode; children: ReactNode }) {
  const live = useLiveEvents({ keep: 8 })
  useActions([{ id: 'pause-live', label: live.isPaused ? 'Let the live line go on' : 'Hold the live line still', run: () => live.setPaused(!live.isPaused) }])
  return (
    <Page
      arc="events"
      title="Events"
      meta={meta}
      aside={live.perSecond !== undefined && <StateGlyph state="live" still label={<span title="accepted a second, mean of the last ten seconds">{formatRate(live.perSecond)}</span>} />}
      copy={{ command: 'npx rondo events types', call: '/api/events/v1/standings' }}
      actions={<Button to="/erasure">Find a person</Button>}
    >
      {above}
      <LiveStrip live={live} />
      {children}
    </Page>
  )
}
