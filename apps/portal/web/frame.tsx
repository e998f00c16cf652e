// The shell with what only the whole deployment knows: its clock, its simulated world, its search, and trouble beside each place.
import { createCtx } from '@rondo/context'
import { catalogContract } from '@rondo/catalog/contract'
import { NowProvider, Shell, useApi, type PaletteSearch, type PlaceNote } from '@rondo/ui'
import { Outlet } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { usePlatformNow } from './platform-now.ts'
import { pages } from './pages.ts'
import { useInfo, usePulses, type Pulses } from './use-loop.ts'
import styles from './frame.module.css'

export function Frame() {
  const info = useInfo()
  const pulses = usePulses()
  const read = usePlatformNow(info)
  const catalog = useApi(catalogContract)
  const search = useCallback<PaletteSearch>(async (q, signal) => {
    const found = await catalog.search({ q, limit: 12 }, createCtx({ signal }))
    return found.rows.map((row) => ({ title: row.title, kind: row.kind, path: row.path, ...(row.owner === null ? {} : { owner: row.owner }) }))
  }, [catalog])
  const paths = useMemo(() => pages.map((page) => page.path), [])
  const world = info.data?.world
  return (
    <NowProvider read={read}>
      <Shell
        paths={paths}
        notes={toNotes(pulses)}
        person={{ name: info.data?.principal ?? 'This machine', detail: info.data === undefined ? 'not connected' : info.data.name }}
        footnote={world?.on === true && <div className={styles.sample}><i aria-hidden="true" /><span>Simulated listeners. Every play is invented{world.rate > 1 ? `, time runs × ${world.rate.toLocaleString('en-US')}` : ''}.</span></div>}
        search={search}
      >
        <Outlet />
      </Shell>
    </NowProvider>
  )
}

const placeOfService = { events: '/events', pipelines: '/data', recommendations: '/recommendations', experiments: '/experiments' } as const

/** "1 failed", "2 late": what needs a person, beside the place where they can act. */
function toNotes(pulses: Pulses): Record<string, PlaceNote> {
  const notes: Record<string, PlaceNote> = {}
  for (const [service, path] of Object.entries(placeOfService)) {
    const attention = pulses[service as keyof Pulses].data?.attention ?? []
    for (const [state, tone] of [['blocked', 'blocked'], ['warned', 'late'], ['silent', 'late'], ['late', 'late'], ['failed', 'bad']] as const) {
      const count = attention.filter((one) => one.state === state).length
      if (count > 0) notes[path] = { text: `${count} ${state}`, tone }
    }
  }
  return notes
}
