// What the house promises about the loop, looked up in a life of six simulated weeks; the same whatever stores it stands on and in however many processes.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { eventsContract, type EventRow } from '@rondo/events/contract'
import { experimentsContract, type Readout } from '@rondo/experiments/contract'
import { WORLD_SIZES } from '@rondo/listeners'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import { DAY_MS, HOUR_MS, toIsoDate, WEEK_MS } from '@rondo/time'
import { START_MS, type LifeOptions, type SimulatedLife } from './simulated-life.ts'

const EXPERIMENT = 'discover-weekly-vs-popularity'
const WEEKS = 6
/** The fifth week of the life. */
const TRIAL = { afterDays: 28, days: 7 }

/** Half the example's listeners over its whole catalogue: enough for a week to decide. */
export const SIX_WEEKS: LifeOptions = { seed: 7, weeks: WEEKS, dimensions: { ...WORLD_SIZES.default, listeners: 300, releasesAWeek: 8 }, trial: TRIAL }
export const TYPES = ['track-played', 'track-skipped', 'track-saved', 'playlist-added', 'search-made', 'flag-exposed', 'track-released']

/** `live` passes `SIX_WEEKS`. */
export function checkLoop(name: string, live: () => Promise<SimulatedLife>, options: { skip?: string | false } = {}): void {
  describe(name, options, () => {
    let life: SimulatedLife
    before(async () => {
      life = await live()
    })
    after(() => life[Symbol.asyncDispose]())

    test('LOOP1 every event that was sent is somewhere: accepted = delivered + duplicate + dead + in flight, and all are delivered once', async (t) => {
      const { rows } = await life.platform.peer(eventsContract).counts({}, life.ctx)
      for (const row of rows) assert.equal(row.accepted, row.delivered + row.duplicate + row.dead + row.inFlight, row.type)
      const accepted = rows.reduce((sum, row) => sum + row.accepted, 0)
      t.diagnostic(`${accepted} events in ${life.seconds.toFixed(1)} s`)
      assert.ok(accepted > 20_000, `only ${accepted} events`)
      assert.equal(rows.reduce((sum, row) => sum + row.dead + row.inFlight, 0), 0)
      for (const type of TYPES) {
        const { rows: counted } = await life.platform.peer(pipelinesContract).sql({ body: { sql: `select count(*) as n, count(distinct id) as ids from "${type}"` } }, life.ctx)
        const delivered = rows.find((row) => row.type === type)?.delivered
        assert.deepEqual([counted[0]?.['n'], counted[0]?.['ids']], [delivered, delivered], type)
      }
    })

    test('LOOP2 what flows through the datasets adds up: plays in, plays in listening-daily, plays in user-metrics-daily', async () => {
      const ask = async (sql: string): Promise<unknown> => (await life.platform.peer(pipelinesContract).sql({ body: { sql } }, life.ctx)).rows[0]?.['n']
      const until = `'${toIsoDate(START_MS + WEEKS * WEEK_MS)}'`
      const plays = await ask(`select count(*) as n from track_played where receivedAt < timestamp ${until}`)
      assert.ok(Number(plays) > 10_000)
      assert.equal(await ask('select sum(plays) as n from listening_daily'), plays)
      assert.equal(await ask('select sum(plays) as n from user_metrics_daily'), plays)
      assert.equal(await ask('select count(distinct week) as n from taste_weekly'), WEEKS)
    })

    test('LOOP3 nobody was ever given a track that they had heard', async () => {
      const touched = new Map<string, { trackId: string; atMs: number }[]>()
      for (const type of ['track-played', 'track-skipped', 'track-saved', 'playlist-added']) {
        for (const row of await readAll(life, type)) {
          const acts = touched.get(row.userId ?? '') ?? []
          acts.push({ trackId: String(row.properties['trackId']), atMs: Date.parse(row.receivedAt) })
          touched.set(row.userId ?? '', acts)
        }
      }
      const recommendations = life.platform.peer(recommendationsContract)
      let [lists, tracks] = [0, 0]
      for (const [user, acts] of touched) {
        for (let week = 1; week <= WEEKS; week += 1) {
          for (const shelf of ['discover-weekly', 'popularity'] as const) {
            const list = await recommendations.weekly({ user, week: toIsoDate(START_MS + week * WEEK_MS), shelf }, life.ctx)
            if (list.coldStart !== undefined) continue
            const heard = new Set(acts.filter(({ atMs }) => atMs < Date.parse(list.madeAt)).map(({ trackId }) => trackId))
            assert.deepEqual(list.tracks.filter(({ trackId }) => heard.has(trackId)), [], `${user} ${list.week} ${shelf}`)
            assert.ok(list.tracks.length > 0 && list.tracks.length <= 30)
            lists += 1
            tracks += list.tracks.length
          }
        }
      }
      assert.ok(lists > 500 && tracks > 10_000, `${lists} lists of ${tracks} tracks`)
    })

    test('LOOP4 the experiment finds the planted difference with the right sign', async () => {
      const readout = await readReadout(life)
      const savers = readout.metrics.find(({ metric }) => metric === 'list-savers')
      assert.ok((savers?.relative?.lower ?? -1) > 0, JSON.stringify(savers))
      assert.equal(readout.verdict.decision, 'ship', readout.verdict.sentence)
    })

    test('LOOP5 the time of one turn is measured from plays that led to plays', async () => {
      const turn = await life.platform.peer(recommendationsContract).turn({}, life.ctx)
      const shown = JSON.stringify(turn)
      assert.ok(turn.plays > 20 && (turn.medianMs ?? 0) > HOUR_MS, shown)
      // Lists were on the shelf in the week of the trial alone.
      assert.equal(turn.week, toIsoDate(START_MS + TRIAL.afterDays * DAY_MS), shown)
    })
  })
}

export async function readAll(life: SimulatedLife, type: string): Promise<EventRow[]> {
  const rows: EventRow[] = []
  for (let after: string | undefined; ; ) {
    const page = await life.platform.peer(eventsContract).readEvents({ type, order: 'asc', limit: 10_000, ...(after === undefined ? {} : { after }) }, life.ctx)
    if (page.rows.length === 0) return rows
    rows.push(...page.rows)
    after = page.next
  }
}

export async function readReadout(life: SimulatedLife): Promise<Readout> {
  return life.platform.peer(experimentsContract).readout({ id: EXPERIMENT }, life.ctx)
}
