// How to send one event of a type, with the real address: copy, put in the write key, done.
import { Command, Section } from '@rondo/ui'
import { useState } from 'react'
import { toCurl, toSdkCall } from './send-snippets.ts'
import styles from './events.module.css'

export function SendOne({ type, schema }: { type: string; schema: Record<string, unknown> }) {
  const [id] = useState(() => crypto.randomUUID())
  const { origin } = window.location
  return (
    <>
      <Section title="From a shell" hint="the id is the event's own: sent twice, it counts once">
        <div className={styles.snippet}><Command text={toCurl(origin, type, schema, id)} /></div>
      </Section>
      <Section title="From a program" hint="batches, retries, and keeps its order">
        <div className={styles.snippet}><Command text={toSdkCall(origin, type, schema)} /></div>
      </Section>
      <Section title="A write key" hint="replaces WRITE_KEY above; it may only send">
        <div className={styles.snippet}><Command text="npx rondo keys create --kind write --name my-app" /></div>
      </Section>
    </>
  )
}
