// What was fixed before the start: who, what, how long, by which metrics, and the plan of looks.
import { Columns, DataTable, formatNumber, formatShare, formatThings, KeyValues, Link, Section, Tag, type Column } from '@rondo/ui'
import type { Readout } from '../src/contract.ts'
import { nameMetric } from './experiment-words.ts'
import { sayCriterion } from './rule-words.ts'
import styles from './readout.module.css'

type Step = Readout['plan'][number] & { decision: string | undefined }

const decisions: Record<string, string> = { ship: 'ship', 'do-not-ship': 'do not ship', 'not-yet': 'not yet', invalid: 'invalid' }

const columns: Column<Step>[] = [
  { id: 'look', header: 'Look', cell: (row) => row.look },
  { id: 'day', header: 'Day', cell: (row) => row.day ?? '—', narrow: 'line' },
  { id: 'fraction', header: 'Of the plan', cell: (row) => formatShare(row.fraction, 0), align: 'end' },
  { id: 'bound', header: 'Bound, standard errors', cell: (row) => formatNumber(row.boundZ, 2), align: 'end', narrow: 'value', narrowLabel: 'Bound' },
  { id: 'said', header: 'Said', cell: (row) => (row.decision === undefined ? <span className="quiet">not taken</span> : decisions[row.decision] ?? row.decision), narrow: 'line' },
]

export function DesignTab({ readout }: { readout: Readout }) {
  const { plan, looks } = readout
  const steps = plan.map((step) => ({ ...step, decision: looks.find((look) => look.look === step.look)?.decision }))
  const side = (
    <Section title="Plan of looks" hint="fixed before the start" flush>
      <DataTable label="Plan of looks" name="plan" rows={steps} columns={columns} rowKey={(row) => String(row.look)} />
    </Section>
  )
  return (
    <Columns sideWidth={520} side={side}>
      <Section title="Hypothesis"><p className={styles.hypothesis}>“{readout.experiment.hypothesis}”</p></Section>
      <DesignSections readout={readout} />
    </Columns>
  )
}

/** Also stands in for the charts while there is nothing to draw. */
export function DesignSections({ readout }: { readout: Readout }) {
  const { experiment } = readout
  const { definition } = experiment
  return (
    <>
      <Section title="Design">
        <KeyValues
          rows={[
            ['Flag', <Link key="flag" className="link mono" to={`/experiments?tab=flags&peek-flag=${encodeURIComponent(experiment.flag)}`}>{experiment.flag}</Link>],
            ['Control', definition.control],
            [definition.treatments.length === 1 ? 'Treatment' : 'Treatments', definition.treatments.join(', ')],
            ['Who', definition.when === undefined ? 'everybody' : `where ${sayCriterion(definition.when)}`],
            ['Share', `${formatShare(definition.share)}, split evenly over ${formatThings(definition.treatments.length + 1, 'arm')}`],
            ['Length', formatThings(definition.days, 'day')],
            ['Starts', sayStart(definition.autoStart)],
            ['Worth knowing', `${formatShare(definition.minimumEffect ?? 0.05)} of change or more`],
            ['Level', `${formatNumber(definition.alpha ?? 0.05, 2)} two-sided over all looks`],
          ]}
        />
      </Section>
      <Section title="Metrics">
        <KeyValues
          rows={[
            ['Success', <Tags key="success" names={definition.success} />],
            ['Guardrail', definition.guardrails.length === 0 ? 'none' : <span key="guardrail">{definition.guardrails.map((one, index) => <span key={one.metric}>{index > 0 && ', '}{nameMetric(one.metric)} <span className="quiet">within {formatShare(one.margin)}</span></span>)}</span>],
            ['Also watched', definition.watched === undefined || definition.watched.length === 0 ? 'none' : <Tags key="watched" names={definition.watched} />],
          ]}
        />
      </Section>
    </>
  )
}

function sayStart(autoStart: Readout['experiment']['definition']['autoStart']): string {
  if (autoStart === undefined || autoStart === false) return 'when somebody starts it'
  return autoStart === true ? 'by itself, at once' : `by itself, ${formatThings(autoStart.afterDays, 'day')} after it was written`
}

function Tags({ names }: { names: string[] }) {
  return <span className={styles.tags}>{names.map((name) => <Tag key={name}>{nameMetric(name)}</Tag>)}</span>
}
