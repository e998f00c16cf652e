// Mends letters of a reason by steps: seen first on the oldest of them, before and after, then sent.
import { eventsContract, type RepairStep } from '@rondo/events/contract'
import { Button, Command, ErrorState, formatCount, formatThings, Section, StateMark, useApi } from '@rondo/ui'
import { Select, TextInput } from '@rondo/ui/forms'
import { createCtx } from '@rondo/context'
import { toAppError, type AppError } from '@rondo/errors'
import type { Output } from '@rondo/contract'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { sayRule, saySentence } from './dead-reasons.ts'
import { RepairSample } from './repair-sample.tsx'
import { KINDS, kindNames, sayStep, suggestStep, TARGETS, toStep, valueNames, type DraftStep, type Kind } from './repair-steps.ts'
import { saySamples } from './say-replay.ts'
import type { Replay } from './use-replay.tsx'
import styles from './repair.module.css'

type Tried = { steps: RepairStep[]; newIds: boolean; answer: Output<(typeof eventsContract)['routes']['replayDead']> }

const inputs = { input: styles.input ?? '' }
const kinds = KINDS.map((kind) => ({ value: kind, label: kindNames[kind] }))

/** `reason` '' mends all of them. Keyed by reason: another one begins anew. */
export function RepairLetters({ type, reason, count, replay }: { type: string; reason: string; count: number; replay: Replay }) {
  const api = useApi(eventsContract)
  const [drafts, setDrafts] = useState<DraftStep[]>(() => [{ id: 0, ...suggestStep(reason) }])
  const [newIds, setNewIds] = useState(false)
  const [wrong, setWrong] = useState<string>()
  const [tried, setTried] = useState<Tried>()
  const [error, setError] = useState<AppError>()
  const [isTrying, setTrying] = useState(false)
  const change = (id: number, part: Partial<DraftStep>): void => {
    setDrafts(drafts.map((draft) => (draft.id === id ? { ...draft, ...part } : draft)))
    setTried(undefined)
  }
  const look = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    const steps = drafts.map(toStep)
    const fault = steps.find((step) => typeof step === 'string')
    setWrong(fault)
    setError(undefined)
    if (fault !== undefined || isTrying) return
    const taken = steps.filter((step) => typeof step !== 'string')
    setTrying(true)
    await api
      .replayDead({ type, body: { dryRun: true, repair: taken, ...(newIds ? { newIds } : {}), ...(reason === '' ? {} : { reason }) } }, createCtx())
      .then((answer) => setTried({ steps: taken, newIds, answer }), (thrown: unknown) => setError(toAppError(thrown)))
      .finally(() => setTrying(false))
  }
  const send = (): void => {
    if (tried === undefined) return
    replay.run({ repair: tried.steps, newIds: tried.newIds, count, ...(reason === '' ? {} : { reason }) })
    setTried(undefined)
  }
  return (
    <Section title="Repair" hint={reason === '' ? 'all letters; choose a reason above to mend only its own' : `letters where ${sayRule(reason)}`}>
      <form className={styles.form} onSubmit={(event) => void look(event)}>
        <ol className={styles.steps} aria-label="Steps">
          {drafts.map((draft) => (
            <li key={draft.id}>
              <Select classNames={inputs} aria-label="Step" data={kinds} value={draft.kind} allowDeselect={false} onChange={(kind) => kind !== null && change(draft.id, { kind: kind as Kind, value: kind === 'convert' ? 'integer' : '' })} />
              <TextInput classNames={inputs} className={styles.field ?? ''} aria-label="Field" placeholder="properties/playedMs" value={draft.field} onChange={(event) => change(draft.id, { field: event.currentTarget.value })} />
              {draft.kind === 'convert' && <Select classNames={inputs} aria-label="To" data={[...TARGETS]} value={draft.value} allowDeselect={false} onChange={(value) => value !== null && change(draft.id, { value })} />}
              {draft.kind !== 'convert' && valueNames[draft.kind] !== undefined && <TextInput classNames={inputs} aria-label={valueNames[draft.kind] ?? ''} placeholder={valueNames[draft.kind] ?? ''} value={draft.value} onChange={(event) => change(draft.id, { value: event.currentTarget.value })} />}
              {draft.kind === 'remove' && <span />}
              <button type="button" className={styles.drop} aria-label={`Remove this step: ${kindNames[draft.kind]} ${draft.field}`} disabled={drafts.length === 1} onClick={() => setDrafts(drafts.filter((one) => one.id !== draft.id))}><IconX size={14} stroke={1.75} /></button>
            </li>
          ))}
        </ol>
        {wrong !== undefined && <p className="bad" role="alert">{wrong}</p>}
        <label className="soft">
          <input type="checkbox" checked={newIds} onChange={(event) => {
            setNewIds(event.currentTarget.checked)
            setTried(undefined)
          }} /> Give letters without a usable id a new one
        </label>
        <p className={styles.acts}>
          <Button icon={<IconPlus size={14} stroke={1.75} />} onClick={() => setDrafts([...drafts, { id: Math.max(...drafts.map(({ id }) => id)) + 1, kind: 'set', field: 'properties/', value: '' }])}>Add a step</Button>
          <Button type="submit" {...(tried === undefined ? { kind: 'go' as const } : {})} disabled={isTrying || replay.isCalling}>{isTrying ? 'Looking' : 'Show what it changes'}</Button>
        </p>
      </form>
      {error !== undefined && <ErrorState what="Could not try it" error={error} onRetry={() => void look()} />}
      {tried !== undefined && <Outcome type={type} reason={reason} tried={tried} onSend={send} />}
    </Section>
  )
}

const FIRST_SHOWN = 3

function Outcome({ type, reason, tried: { steps, newIds, answer }, onSend }: { type: string; reason: string; tried: Tried; onSend: () => void }) {
  const { examined, accepted, stillDead, samples = [], next } = answer
  const [areAllShown, setAllShown] = useState(false)
  const failing = samples.find((sample) => sample.reason !== null)
  const command = ['npx rondo events replay', type, ...(reason === '' ? [] : [`--reason '${reason}'`]), ...steps.map((step) => `--repair '${sayStep(step).replaceAll("'", String.raw`'\''`)}'`), ...(newIds ? ['--new-ids'] : [])].join(' ')
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.verdict}>{accepted > 0 && <Button kind="go" onClick={onSend}>{next === undefined ? `Send ${formatCount(accepted)} mended` : 'Send those that fit'}</Button>}<StateMark state={accepted === 0 ? 'warned' : 'healthy'} /> {accepted === 0 ? `None of ${formatThings(examined, 'letter')} would fit.` : `${formatCount(accepted)} of ${formatThings(examined, 'letter')} would be delivered.`} {next !== undefined && <span className="quiet">These are the oldest; more follow.</span>}</p>
      {stillDead > 0 && accepted > 0 && <p className="soft">{formatCount(stillDead)} would still not fit{failing === undefined || failing.reason === null ? '' : `; the first because ${saySentence(failing.reason).replace(/\.$/, '')}`}.</p>}
      {samples.slice(0, areAllShown ? samples.length : FIRST_SHOWN).map((sample) => <RepairSample key={sample.cursor} sample={sample} />)}
      {samples.length > FIRST_SHOWN && <p className={styles.acts}><Button onClick={() => setAllShown(!areAllShown)}>{areAllShown ? 'Show fewer' : `Show all ${samples.length}`}</Button> <span className="quiet">{saySamples(areAllShown ? samples.length : FIRST_SHOWN, examined)}</span></p>}
      <Command text={command} />
    </div>
  )
}
