// Every error of this service in one table.
import { defineErrors, entry } from '@rondo/errors'

const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

export const errors = defineErrors({
  flagRefused: entry({
    code: 'FLAG_REFUSED',
    kind: 'invalid',
    message: (d: { path: string; value: unknown; problem: string; todo: string }) => `${d.path}: "${show(d.value)}" ${d.problem}.`,
    help: (d) => d.todo,
  }),
  flagUnknown: entry({
    code: 'FLAG_NOT_FOUND',
    kind: 'not-found',
    message: (d: { flag: string }) => `No flag is called "${d.flag}".`,
    help: 'List flags with GET /api/experiments/v1/flags.',
  }),
  flagInUse: entry({
    code: 'FLAG_IN_USE',
    kind: 'conflict',
    message: (d: { flag: string; experiment: string; problem: string }) => `The flag "${d.flag}" cannot change so: ${d.problem} while the experiment "${d.experiment}" runs.`,
    help: 'Stop the experiment first.',
  }),
  metricUnknown: entry({
    code: 'METRIC_NOT_FOUND',
    kind: 'invalid',
    message: (d: { path: string; metric: string }) => `${d.path}: "${d.metric}" is no known metric.`,
    help: 'Put the metric first, or correct its name.',
  }),
  experimentUnknown: entry({
    code: 'EXPERIMENT_NOT_FOUND',
    kind: 'not-found',
    message: (d: { id: string }) => `No experiment is called "${d.id}".`,
    help: 'List experiments with GET /api/experiments/v1/experiments.',
  }),
  experimentRefused: entry({
    code: 'EXPERIMENT_REFUSED',
    kind: 'invalid',
    message: (d: { path: string; value: unknown; problem: string; todo: string }) => `${d.path}: "${show(d.value)}" ${d.problem}.`,
    help: (d) => d.todo,
  }),
  experimentState: entry({
    code: 'EXPERIMENT_STATE',
    kind: 'conflict',
    message: (d: { id: string; state: string; verb: string }) => `The experiment "${d.id}" is ${d.state} and cannot be ${d.verb}.`,
    help: 'A draft can be changed and started, a running one stopped, a stopped one shipped once.',
  }),
})
