// The experiment the example decides: what most people play, or what fits you?
import { defineExperiment } from 'rondo'

export default defineExperiment({
  id: 'discover-weekly-vs-popularity',
  owner: 'squad-discovery',
  hypothesis: 'A list made from each listener’s own taste is saved from more often than a list of what is popular, and listening does not fall.',
  flag: 'weekly-shelf',
  control: 'popularity',
  treatments: ['discover-weekly'],
  share: 1,
  success: ['list-savers', 'list-plays'],
  guardrails: [{ metric: 'minutes-listened', margin: 0.05 }],
  watched: ['skips'],
  days: 7,
  // Three weeks of baseline: lists need listening to learn from, and a week has all its days.
  autoStart: { afterDays: 21 },
})
