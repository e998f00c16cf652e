// Home: the circle, the time of one turn, what needs a person, and what was learned.
import { AsOf, Button, Columns, EmptyState, formatDuration, formatLongInstant, formatCount, Link, LoopRing, Page, RingCentre, Sentence, ShareBar, Skeleton, StateGlyph, useActions, useGo, useNow, useShell, type Action, type Arc } from '@rondo/ui'
import { LEAST_FOR_USUAL, type Attention } from '@rondo/contract'
import { IconSearch } from '@tabler/icons-react'
import { servicePages } from '../service-pages.ts'
import { useAudience, useInfo, useLearning, usePulses, useRunning, useTurn } from '../use-loop.ts'
import { AttentionList } from './attention-list.tsx'
import { HistoryBanner } from './history-banner.tsx'
import { HistorySteps } from './history-steps.tsx'
import { LearnedList } from './learned-list.tsx'
import { RunningList } from './running-list.tsx'
import { arcNames, isFresh, toArcs, toAttention, toChange, toFinding, toGreeting, toStations, type LoopFacts } from './loop-model.ts'
import styles from './home.module.css'

const arcOrder = Object.keys(arcNames) as Arc[]

export function HomePage() {
  const info = useInfo()
  const pulses = usePulses()
  const turn = useTurn()
  const learning = useLearning()
  const audience = useAudience()
  const running = useRunning()
  const now = useNow(1_000)
  const go = useGo()
  const { openPalette, openHelp } = useShell()
  const facts: LoopFacts = { events: pulses.events.data, pipelines: pulses.pipelines.data, recommendations: pulses.recommendations.data, experiments: pulses.experiments.data, turn: turn.data, learning: learning.data, audience: audience.data, info: info.data }
  const isLoading = pulses.events.isLoading || pulses.pipelines.isLoading
  const attention = toAttention(facts)
  useActions([...toActs(attention, go), { id: 'keys', label: 'Show all keys', says: 'Every key of the portal, on one sheet.', run: openHelp }])
  const arcs = toArcs(facts, now)
  const stations = toStations(facts, (path) => servicePages.some((page) => page.path === path))
  const away = info.data?.away ?? []
  const isHistory = info.data?.world.phase === 'history'
  const fresh = isFresh(facts) && !isHistory && away.length === 0
  const hero = turn.data === undefined || turn.data.medianMs === null ? undefined : formatDuration(turn.data.medianMs)
  const change = turn.data === undefined ? undefined : toChange(turn.data)
  const below = hero === undefined ? 'no play has led to another yet' : 'from a play to the play it led to'
  const finding = toFinding(facts, arcs)
  const stale = Object.values(pulses).find((pulse) => pulse.isStale)

  const centre = (narrow: boolean) => <RingCentre above="One turn" value={hero ?? 'not closed yet'} faint={hero === undefined} below={below} narrow={narrow} {...(change === undefined ? {} : { change })} />
  return (
    <Page
      wholeLoop
      title="The loop"
      meta={formatLongInstant(now)}
      aside={<>{stale !== undefined && <AsOf state={stale} />}{info.data !== undefined && !info.isStale && (away.length > 0 ? <StateGlyph state="silent" label={`${away.map(({ room }) => room).join(', ')} away`} /> : isHistory ? <StateGlyph state="running" label="History" /> : <StateGlyph state="live" label="Live" still />)}</>}
      actions={<Button icon={<IconSearch size={14} stroke={1.75} />} onClick={openPalette}>Find or do</Button>}
    >
      {info.data !== undefined && isHistory && <HistoryBanner world={info.data.world} now={now} />}
      <Columns
        sideWidth={452}
        side={
          <>
            {fresh && <div className="wide-only"><FirstSteps /></div>}
            <ul className={`narrow-only ${styles.arcs}`} aria-label="The arcs of the loop">
              {arcOrder.map((arc) => (
                <li key={arc}>
                  <span>{arcNames[arc][0]} <span className="quiet">to</span> {arcNames[arc][1]}</span>
                  <span className="number"><b>{arcs[arc].lag}</b><br /><span className="small" style={{ color: arcs[arc].remark === undefined || arcs[arc].remark.tone === 'quiet' ? 'var(--ink-3)' : `var(--${arcs[arc].remark.tone})` }}>{arcs[arc].remark?.tone === 'quiet' ? arcs[arc].rate : (arcs[arc].remark?.text ?? arcs[arc].rate)}</span></span>
                </li>
              ))}
            </ul>
            {isHistory && attention.length === 0 && <HistorySteps facts={facts} />}
            {!fresh && !(isHistory && attention.length === 0) && <AttentionList attention={attention} now={now} isKnown={!isLoading} />}
            {!fresh && running.data !== undefined && <RunningList running={running.data} />}
            {!fresh && learning.data !== undefined && !(isHistory && learning.data.rows.length === 0) && <LearnedList learning={learning.data} now={now} />}
          </>
        }
      >
        <section className={styles.figure}>
          {isLoading && away.length === 0 ? <Skeleton lines={1} height={52} /> : <Sentence>{toGreeting(facts, attention, new Date().getHours()).map((part) => (part.to === undefined ? part.text : <Link key={part.to + part.text} className={styles.act} to={part.to}>{part.text}</Link>))}</Sentence>}
          {fresh && <div className={`narrow-only ${styles.steps}`}><FirstSteps /></div>}
          <div className={`wide-only ${styles.ring}`}><LoopRing stations={stations} arcs={arcs} finding={finding} centre={centre(false)} onOpen={go} /></div>
          <div className={`narrow-only ${styles.ring}`}><LoopRing narrow stations={stations} arcs={arcs} finding={finding} centre={centre(true)} onOpen={go} /></div>
          {turn.data !== undefined && turn.data.medianMs !== null && turn.data.parts.length > 0 && (
            <div className={`wide-only ${styles.turn}`}>
              <h2>Where one turn goes <span>median of {formatCount(turn.data.plays)} plays</span></h2>
              <ShareBar finding={turn.data.parts.map((part) => `${part.name} ${formatDuration(part.ms)}`).join(', ')} parts={turn.data.parts.map((part) => ({ key: part.name, label: part.name, value: part.ms, text: formatDuration(part.ms) }))} />
            </div>
          )}
          <StaffKey />
        </section>
      </Columns>
    </Page>
  )
}

/** What needs somebody is also the first that the palette offers. */
function toActs(attention: Attention[], go: (path: string) => void): Action[] {
  return attention.slice(0, 3).map((one) => ({ id: `look ${one.ref} ${one.subject}`, label: `Look at ${one.subject}`, says: one.message, run: () => go(one.ref) }))
}

function StaffKey() {
  return (
    <p className={styles.key}>
      <svg width="34" height="15" viewBox="0 0 34 15" aria-hidden="true">
        {[1.5, 4.5, 7.5, 10.5, 13.5].map((y) => <path key={y} d={`M0 ${y}H34`} stroke="var(--line-2)" strokeWidth=".8" />)}
        <ellipse cx="10" cy="7.5" rx="2.6" ry="2" fill="var(--ink)" transform="rotate(-18 10 7.5)" />
        <ellipse cx="24" cy="7.5" rx="2.6" ry="2" fill="var(--tonic)" transform="rotate(-18 24 7.5)" />
      </svg>
      <span>
        <span className="wide-only">At each arc: the time from one station to the next, and below it what passes. </span>
        Middle line: usual for this hour, known after {LEAST_FOR_USUAL} days. Outer lines: two spreads away; hollow beyond. Blue: now.
      </span>
    </p>
  )
}

function FirstSteps() {
  return (
    <EmptyState title="Begin with real listening, or with a simulated world." commands={['npx rondo up --world small', 'npx rondo import hetrec ./lastfm-2k', 'npx rondo events tail track-played']}>
      The first starts invented listeners, the second brings published listening of real people, the third shows events as they arrive.
    </EmptyState>
  )
}
