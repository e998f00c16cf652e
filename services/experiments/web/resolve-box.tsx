// Asks a flag for one unit, with attributes as name=value pairs, and says which rule decided. Nothing is logged.
import { useState, type FormEvent } from 'react'
import { Button, KeyValues, useCall } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { experimentsContract, type Resolution } from '../src/contract.ts'
import { parseAttributes } from './parse-attributes.ts'
import styles from './experiments.module.css'

const reasons: Record<Resolution['reason'], string> = {
  STATIC: 'the flag has no rule',
  DEFAULT: 'no rule gives it anything else',
  TARGETING_MATCH: 'its rule fits',
  SPLIT: 'its bucket falls there',
  ERROR: 'it could not be decided',
}

export function ResolveBox({ flag }: { flag: string }) {
  const [unit, setUnit] = useState('')
  const [attributes, setAttributes] = useState('')
  const resolve = useCall(experimentsContract, 'resolveFlag')
  const parsed = parseAttributes(attributes)
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    if ('problem' in parsed) return
    void resolve.call({ key: flag, body: { ...(unit.trim() === '' ? {} : { unit: unit.trim() }), attributes: parsed.values } })
  }
  const found = resolve.data
  return (
    <form onSubmit={ask} className={styles.resolve}>
      <TextInput classNames={{ input: styles.input ?? '' }} label="Unit" placeholder="listener-0042" value={unit} onChange={(event) => setUnit(event.currentTarget.value)} />
      <TextInput classNames={{ input: styles.input ?? '' }} label="Attributes" placeholder="plan=premium age=24" value={attributes} onChange={(event) => setAttributes(event.currentTarget.value)} error={'problem' in parsed ? parsed.problem : undefined} />
      <Button type="submit" disabled={resolve.isCalling || 'problem' in parsed}>Resolve {flag}</Button>
      {resolve.error !== undefined && <p className="bad" role="alert">{resolve.error.message}</p>}
      {found !== undefined && resolve.error === undefined && (
        <div className={styles.resolved} role="status">
          <p>{found.unit ?? 'Nobody in particular'} gets <b>{found.variant ?? 'the client’s own default'}</b>: {reasons[found.reason]}.</p>
          <KeyValues
            rows={[
              ['Value', found.variant === null ? '—' : <code key="value">{JSON.stringify(found.value)}</code>],
              ['Rule', found.rule === null ? '—' : <code key="rule">{found.rule}</code>],
              ...(found.errorCode === undefined ? [] : [['Error', <code key="error">{found.errorCode}</code>] as const]),
            ]}
          />
        </div>
      )}
    </form>
  )
}
