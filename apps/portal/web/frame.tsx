// The shell with what only the whole deployment knows: its clock, its simulated world, its search, and trouble beside each place.
import { createCtx } from '@rondo/context'
import { catalogContract } from '@rondo/catalog/contract'
import { NowProvider, Shell, useApi, useReadAgain, type PaletteSearch, type PlaceNote } from '@rondo/ui'
import { Outlet } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { Away } from './away.tsx'
import { usePlatformNow } from './platform-now.ts'
import { pages } from './pages.ts'
import { SignedOut } from './signed-out.tsx'
import { useInfo, usePulses, type Pulses } from './use-loop.ts'
import { WorkspaceProblems } from './workspace-problems.tsx'
import styles from './frame.module.css'

export function Frame() {
  const info = useInfo()
  const read = usePlatformNow(info)
  const isOut = info.error?.kind === 'unauthenticated'
  useReadAgainAfterSignIn(isOut)
  if (isOut && info.data === undefined) return <SignedOut hasEnded={false} />
  return (
    <NowProvider read={read}>
      {isOut && <SignedOut hasEnded />}
      <div hidden={isOut}><Sheet read={info} /></div>
    </NowProvider>
  )
}

function Sheet({ read }: { read: ReturnType<typeof useInfo> }) {
  const info = read.data
  const pulses = usePulses()
  const catalog = useApi(catalogContract)
  const search = useCallback<PaletteSearch>(async (q, signal) => {
    const found = await catalog.search({ q, limit: 12 }, createCtx({ signal }))
    return found.rows.map((row) => ({ title: row.title, kind: row.kind.replaceAll('-', ' '), path: row.path, ...(row.owner === null ? {} : { owner: row.owner }), ...(row.detail === '' ? {} : { says: row.detail.replace(/\.?$/, '.') }) }))
  }, [catalog])
  const paths = useMemo(() => pages.map((page) => page.path), [])
  const world = info?.world
  return (
    <Shell
      paths={paths}
      notes={toNotes(pulses)}
      person={{ name: info?.principal ?? 'This machine', detail: info === undefined ? 'not connected' : info.name }}
      footnote={world?.on === true && <div className={styles.sample}><i aria-hidden="true" /><span>Simulated listeners. Every play is invented{world.rate > 1 ? `, time runs × ${world.rate.toLocaleString('en-US')}` : ''}.</span></div>}
      search={search}
    >
      <Away info={read} />
      <WorkspaceProblems problems={info?.workspace.problems ?? []} />
      <Outlet />
    </Shell>
  )
}

/** Panels that were refused while nobody was signed in are read again at once. */
function useReadAgainAfterSignIn(isOut: boolean): void {
  const readAgain = useReadAgain()
  const wasOut = useRef(isOut)
  useEffect(() => {
    if (wasOut.current && !isOut) readAgain()
    wasOut.current = isOut
  }, [isOut, readAgain])
}

const placeOfService = { events: '/events', pipelines: '/data', recommendations: '/recommendations', experiments: '/experiments' } as const

/** "1 failed", "2 late", "1 waits": what needs a person, beside the place where they can act. */
function toNotes(pulses: Pulses): Record<string, PlaceNote> {
  const notes: Record<string, PlaceNote> = {}
  for (const [service, path] of Object.entries(placeOfService)) {
    const attention = pulses[service as keyof Pulses].data?.attention ?? []
    const waiting = attention.filter((one) => one.state === 'waiting').length
    if (waiting > 0) notes[path] = { text: waiting === 1 ? '1 waits' : `${waiting} wait` }
    for (const [state, tone] of [['blocked', 'blocked'], ['warned', 'late'], ['silent', 'late'], ['late', 'late'], ['failed', 'bad']] as const) {
      const count = attention.filter((one) => one.state === state).length
      if (count > 0) notes[path] = { text: `${count} ${state}`, tone }
    }
  }
  return notes
}
