// The verdict, why it is that, and what can be done about it.
import { IconCheck, IconCircleDashed, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { AsOf, Button, formatWhen, toMs, useActions, useNow, type Action, type RouteState } from '@rondo/ui'
import type { Readout } from '../src/contract.ts'
import type { Act } from './act-words.ts'
import { ConfirmAct } from './confirm-act.tsx'
import { sayLead, saySplit } from './experiment-words.ts'
import { listTreatments } from './readout-model.ts'
import styles from './readout.module.css'

export function VerdictHead({ readout, state }: { readout: Readout; state: RouteState<unknown> }) {
  const { experiment, verdict } = readout
  const [act, setAct] = useState<Act | undefined>()
  const now = useNow(60_000)
  const treatments = listTreatments(readout)
  const best = verdict.variant ?? treatments[0]
  const canShip = experiment.state !== 'draft' && verdict.decision !== 'invalid' && best !== undefined && experiment.shipped !== best
  const id = experiment.id
  const acts: (Action & { act: Act; kind: 'go' | 'plain' | 'bare' })[] = [
    ...(experiment.state === 'draft' ? [{ act: { kind: 'start' } as Act, kind: 'go' as const, id: 'start', label: 'Start the experiment', says: 'Puts its split before the flag’s own rules.', command: `npx rondo experiments start ${id}` }] : []),
    ...(canShip && best !== undefined ? [{ act: { kind: 'ship', variant: best } as Act, kind: verdict.decision === 'ship' ? ('go' as const) : verdict.decision === 'not-yet' ? ('plain' as const) : ('bare' as const), id: 'ship', label: `Ship ${best} to everyone`, key: 'S', says: `Stops the experiment; everyone it was for gets ${best}.`, command: `npx rondo experiments stop ${id} --ship ${best}` }] : []),
    ...(experiment.state === 'running' ? [{ act: { kind: 'stop' } as Act, kind: verdict.decision === 'do-not-ship' || verdict.decision === 'invalid' ? ('go' as const) : ('bare' as const), id: 'stop', label: `Stop and keep ${experiment.definition.control}`, says: 'Freezes the decision; the flag falls back to its own rules.', command: `npx rondo experiments stop ${id}` }] : []),
  ].map((one) => ({ ...one, run: () => setAct(one.act) })).toSorted((a, b) => Number(b.kind === 'go') - Number(a.kind === 'go'))
  useActions(acts)
  const lead = verdict.decision === 'invalid' ? saySplit(readout) : sayLead(readout)
  const last = readout.looks.at(-1)
  return (
    <section className={styles.verdict}>
      <h2>{verdict.sentence}</h2>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      {lead === undefined && experiment.state !== 'stopped' && <p className={styles.lead}>“{experiment.hypothesis}”</p>}
      {verdict.reasons.length > 0 && (
        <ul className={styles.reasons}>
          {verdict.reasons.map((reason) => <li key={reason.text}><ReasonMark held={reason.held} /><span>{reason.text}</span></li>)}
        </ul>
      )}
      {acts.length > 0 && (
        <div className={styles.acts}>
          {acts.map((one) => <Button key={one.id} kind={one.kind} {...(one.id === 'ship' ? { hotkey: '⇧S' } : {})} onClick={one.run}>{one.label}</Button>)}
        </div>
      )}
      <p className={styles.asOf}>
        {last === undefined ? 'No look has been taken.' : `Read ${formatWhen(toMs(last.takenAt), now)}, for ${last.day}.`}
        {experiment.stoppedBy !== null && ` Stopped ${formatWhen(toMs(experiment.stoppedAt), now)} by ${sayStopper(experiment.stoppedBy)}.`}
        {experiment.note !== null && experiment.note !== '' && ` “${experiment.note}”`}
        {' '}<AsOf state={state} />
      </p>
      {act !== undefined && <ConfirmAct act={act} readout={readout} onClose={() => setAct(undefined)} />}
    </section>
  )
}

function ReasonMark({ held }: { held: boolean | null }) {
  if (held === true) return <><IconCheck size={16} stroke={1.75} className="good" /><span className="hidden-word">Held: </span></>
  if (held === false) return <><IconX size={16} stroke={1.75} className="soft" /><span className="hidden-word">Not held: </span></>
  return <><IconCircleDashed size={16} stroke={1.75} className="quiet" /><span className="hidden-word">Open: </span></>
}

function sayStopper(by: string): string {
  return { plan: 'its plan', bound: 'its bound', guardrail: 'a guardrail' }[by] ?? by
}
