// From events to one row a listener, track and day. Weights: complete 1.0, partial 0.5, save 2.5, playlist 2.0, skip -0.8, immediate skip -1.5.
import { definePipeline } from 'rondo'

export default definePipeline({
  name: 'build-listening-daily',
  owner: 'squad-data',
  description: 'Folds plays, skips, saves and playlist adds into listening-daily.',
  output: 'listening-daily',
  inputs: {
    played: { endpoint: 'track-played' },
    skipped: { endpoint: 'track-skipped' },
    saved: { endpoint: 'track-saved' },
    added: { endpoint: 'playlist-added' },
  },
  sql: `
    with acts as (
      select userId, trackId, artistId, occurredAt, playedMs,
             coalesce(plays, 1) as plays, case when playedMs >= 0.8 * trackMs then coalesce(plays, 1) else 0 end as completes,
             0 as skips, 0 as immediateSkips, 0 as saves, 0 as playlistAdds,
             case when playedMs >= 0.8 * trackMs then 1.0 else 0.5 end * coalesce(plays, 1) as score
      from played
      union all
      select userId, trackId, artistId, occurredAt, playedMs, 0, 0, 1, case when playedMs < 30000 then 1 else 0 end, 0, 0,
             case when playedMs < 30000 then -1.5 else -0.8 end
      from skipped
      union all
      select userId, trackId, artistId, occurredAt, 0, 0, 0, 0, 0, 1, 0, 2.5 from saved
      union all
      select userId, trackId, artistId, occurredAt, 0, 0, 0, 0, 0, 0, 1, 2.0 from added
    )
    select userId, trackId, strftime($start::timestamp, '%Y-%m-%d') as day, any_value(artistId) as artistId,
           sum(plays)::bigint as plays, sum(completes)::bigint as completes, sum(skips)::bigint as skips,
           sum(immediateSkips)::bigint as immediateSkips, sum(saves)::bigint as saves, sum(playlistAdds)::bigint as playlistAdds,
           sum(playedMs)::bigint as playedMs, round(sum(score), 6)::double as score, max(occurredAt) as lastPlayedAt
    from acts
    where userId is not null
    group by userId, trackId
  `,
})
