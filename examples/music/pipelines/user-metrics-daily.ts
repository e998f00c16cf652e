// The measures of one listener's day, for experiments.
import { definePipeline } from 'rondo'

export default definePipeline({
  name: 'build-user-metrics-daily',
  owner: 'squad-experimentation',
  description: 'One row a listener and active day: minutes, plays, skips, saves, and what came from a weekly list.',
  output: 'user-metrics-daily',
  inputs: {
    played: { endpoint: 'track-played' },
    skipped: { endpoint: 'track-skipped' },
    saved: { endpoint: 'track-saved' },
  },
  sql: `
    with acts as (
      select userId, playedMs, 1 as play, 0 as skip, 0 as save, source from played
      union all select userId, playedMs, 0, 1, 0, source from skipped
      union all select userId, 0, 0, 0, 1, source from saved
    )
    select userId, strftime($start::timestamp, '%Y-%m-%d') as day,
           round(sum(playedMs)::double / 60000, 6) as minutes,
           sum(play)::bigint as plays, sum(skip)::bigint as skips, sum(save)::bigint as saves,
           sum(case when source in ('discover-weekly', 'popularity') then play else 0 end)::bigint as listPlays,
           sum(case when source in ('discover-weekly', 'popularity') then skip else 0 end)::bigint as listSkips,
           sum(case when source in ('discover-weekly', 'popularity') then save else 0 end)::bigint as listSaves,
           1::bigint as activeDays
    from acts
    where userId is not null
    group by userId
  `,
})
