// Metrics, defined once and reused by every experiment.
import { defineMetric } from 'rondo'

const daily = { owner: 'squad-experimentation', endpoint: 'user-metrics-daily', unit: 'userId' } as const

export default [
  defineMetric({ ...daily, name: 'minutes-listened', description: 'Minutes listened per exposed listener.', type: 'mean', column: 'minutes', better: 'higher', unitLabel: 'min' }),
  defineMetric({ ...daily, name: 'list-plays', description: 'Tracks of the weekly list played per exposed listener.', type: 'mean', column: 'listPlays', better: 'higher' }),
  defineMetric({ ...daily, name: 'list-savers', description: 'Share of exposed listeners who saved a track of the weekly list.', type: 'proportion', column: 'listSaves', better: 'higher' }),
  defineMetric({ ...daily, name: 'skips', description: 'Skips per exposed listener.', type: 'mean', column: 'skips', better: 'lower' }),
]
