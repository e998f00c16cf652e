// One flag looked at closer: variants and their values, rules in the order in which they are tried, and a unit to try them with.
import { KeyValues, Link, Owner, Section, When } from '@rondo/ui'
import type { Flag } from '../src/contract.ts'
import { ResolveBox } from './resolve-box.tsx'
import { sayAssign, sayWho } from './rule-words.ts'
import styles from './experiments.module.css'

export function FlagPeek({ flag }: { flag: Flag }) {
  const { definition } = flag
  return (
    <>
      <Section>
        {definition.description !== undefined && <p className={styles.quote}>{definition.description}</p>}
        <KeyValues
          rows={[
            ['Owner', <Owner key="owner" name={flag.owner} />],
            ['Version', <span key="version">{flag.version}, changed <When at={flag.updatedAt} /></span>],
            ['Clients', definition.clients.includes('*') ? 'all' : definition.clients.join(', ')],
          ]}
        />
      </Section>
      <Section title="Variants">
        <dl className={styles.variants}>
          {Object.entries(definition.variants).map(([name, value]) => <div key={name}><dt>{name}</dt><dd><code>{JSON.stringify(value)}</code></dd></div>)}
        </dl>
      </Section>
      <Section title="Rules in force" hint="the first that fits decides">
        <ol className={styles.rules}>
          {flag.inForce.map((rule, index) => (
            <li key={`${rule.rule} ${index}`}>
              <span>{sayWho(rule)}</span>
              <b>{sayAssign(rule.assign)}</b>
              <span className="quiet small">{rule.experiment === null ? `rule ${rule.rule}` : <>from <Link className="link" to={`/experiments/${encodeURIComponent(rule.experiment)}`}>{rule.experiment}</Link></>}</span>
            </li>
          ))}
          {flag.inForce.length === 0 && <li><span>Everybody</span><b>the client’s own default</b></li>}
        </ol>
      </Section>
      <Section title="What would this unit get?" hint="logs no exposure"><ResolveBox flag={flag.key} /></Section>
    </>
  )
}
