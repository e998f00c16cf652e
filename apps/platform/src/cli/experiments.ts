// `rondo experiments`: what is tried, and what it says so far.
import { experimentsContract, type Experiment, type Readout } from '@rondo/experiments/contract'
import { textOf, wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'experiments',
  summary: 'Experiments and their readouts.',
  usage: ['experiments list', 'experiments show ID', 'experiments readout ID', 'experiments start ID', 'experiments stop ID [--ship VARIANT]'],
  example: 'rondo experiments readout discover-weekly-vs-popularity',
  words: { list: [], show: ['ID'], readout: ['ID'], start: ['ID'], stop: ['ID'] },
  later: ['power', 'simulate-aa', 'analyse'],
  options: { ship: { type: 'string' } },
  optionHelp: { '--ship VARIANT': 'give this variant to everybody the experiment was for' },
  run: (args, terminal) =>
    withConnection(args, terminal, async ({ peer, ctx }) => {
      const experiments = peer(experimentsContract)
      const verb = wordOf(args, 0)
      if (verb === 'list') {
        const { rows } = await experiments.listExperiments({}, ctx)
        terminal.rows(terminal.json ? rows : rows.map(({ id, owner, state, flag, days }) => ({ id, owner, state, flag, days })))
        return 0
      }
      const id = wordOf(args, 1)
      if (verb === 'readout') {
        const readout = await experiments.readout({ id }, ctx)
        if (terminal.json) terminal.object(readout, () => '')
        else printReadout(readout, (text) => terminal.out(text), (rows) => terminal.rows(rows))
        return 0
      }
      const ship = textOf(args, 'ship')
      const experiment =
        verb === 'show' ? await experiments.getExperiment({ id }, ctx)
        : verb === 'start' ? await experiments.startExperiment({ id }, ctx)
        : await experiments.stopExperiment({ id, body: ship === undefined ? {} : { ship } }, ctx)
      terminal.object(experiment, () => toWords(experiment))
      return 0
    }),
}

function toWords(experiment: Experiment): string {
  const { id, owner, hypothesis, flag, state, day, days, startedAt, stoppedAt, asOf, units, verdict, learningClass, shipped, note, definition } = experiment
  const { control, treatments, share } = definition
  const facts: Record<string, string> = {
    hypothesis,
    owner,
    flag: `${flag}: ${control} against ${treatments.join(', ')}, for ${Number((share * 100).toFixed(1))} % of units`,
    ...(startedAt === null ? {} : { started: `${startedAt}, day ${day} of ${days}, ${units.toLocaleString('en-US')} units${asOf === null ? '' : `, last look ${asOf}`}` }),
    ...(stoppedAt === null ? {} : { stopped: `${stoppedAt}${note === null ? '' : `: ${note}`}` }),
    ...(learningClass === null ? {} : { taught: learningClass }),
    ...(shipped === null ? {} : { shipped }),
    verdict: verdict.sentence,
  }
  const next = { draft: `rondo experiments start ${id}`, running: `rondo experiments readout ${id}`, stopped: `rondo experiments readout ${id}` }[state]
  return [`${id} is ${state === 'draft' ? 'a draft' : state}.`, ...Object.entries(facts).map(([name, text]) => `  ${name.padEnd(11)} ${text}`), `  next: npx ${next}`].join('\n')
}

function printReadout(readout: Readout, out: (text: string) => void, table: (rows: Record<string, unknown>[]) => void): void {
  out(readout.verdict.sentence)
  for (const { held, text } of readout.verdict.reasons) out(`  ${held === null ? '–' : held ? '✓' : '✗'} ${text}`)
  for (const { metric, role, caveat } of readout.metrics) if (caveat !== null) out(`  – ${metric} (${role}): ${caveat}`)
  if (readout.metrics.length === 0) return
  out('')
  table(
    readout.metrics.map((row) => ({
      metric: row.metric,
      role: row.role,
      control: row.control.mean,
      treatment: row.treatment.mean,
      units: row.control.units + row.treatment.units,
      effect: toShare(row.relative?.estimate),
      from: toShare(row.relative?.lower),
      to: toShare(row.relative?.upper),
      p: row.p,
      alpha: row.alpha,
      status: row.status,
    })),
  )
}

/** "+1.4 %", with a true minus; a dash for nothing. */
function toShare(value: number | null | undefined): string {
  if (value === undefined || value === null) return '—'
  const percent = (Math.abs(value) * 100).toFixed(1)
  return `${value < 0 ? '−' : '+'}${percent} %`
}
