// Eight weeks of listening folded into taste; older weeks count less (half-life four weeks, down to a tenth).
// Sums are rounded, so that the order in which the engine adds changes nothing.
import { definePipeline } from 'rondo'

export default definePipeline({
  name: 'build-taste-weekly',
  owner: 'squad-discovery',
  description: 'Sums eight weeks of listening-daily into one score a listener and track.',
  output: 'taste-weekly',
  inputs: { listening: { endpoint: 'listening-daily', partitions: { trailing: 56 } } },
  sql: `
    select userId, trackId, strftime($start::timestamp, '%Y-%m-%d') as week, any_value(artistId) as artistId,
           round(sum(score * greatest(0.1, pow(0.5, greatest(date_diff('day', lastPlayedAt, $end::timestamp), 0) / 28.0))), 6)::double as score,
           sum(plays)::bigint as plays, sum(saves)::bigint as saves, max(lastPlayedAt) as lastPlayedAt
    from listening
    group by userId, trackId
  `,
})
