// What the recommendations room costs: following, Monday's lists, rounds with nothing to do, and answers.
import type { BenchResult } from '../result.ts'
import { makeListening } from './made-listening.ts'
import { MONDAY_MS, ctx, openRoom, type BenchRoom } from './open-room.ts'

const SIZE = { users: 600, tracks: 3_000, acts: 90_000 }
const BATCH = 5_000
const MARKS = { followMs: 60, idleMs: 0.1, trainMs: 1_000, listsMs: 2_000, answerMs: 20 }

/**
 * 600 listeners, 3,000 tracks, 90,000 plays that make about 60,000 pairs. The events pass the checks and the copying of a peer in this process.
 * Times are those of the processor, all threads together: what a quiet machine takes, also when this one is busy.
 */
export async function run({ small = false }: { small?: boolean } = {}): Promise<BenchResult[]> {
  const listening = makeListening(small ? { users: 100, tracks: 500, acts: 15_000 } : SIZE)
  let trainedMs = 0
  const room = await openRoom(listening, () => (trainedMs = cpuMs()))
  try {
    const follow = await measureFollowing(room)
    const waiting = await measure(20_000, () => room.runJob('week'))
    room.clock.moveTo(MONDAY_MS)
    const startedMs = cpuMs()
    await room.runJob('week')
    const listedMs = cpuMs()
    const [model] = (await room.api.listModels({}, ctx)).rows
    if (model === undefined) throw new Error('There is no model.')
    let idle = 0
    for (const job of ['follow', 'week', 'tidy']) idle += await measure(5_000, () => room.runJob(job))
    const userAt = (i: number): string => listening.users[i % listening.users.length] ?? ''
    const weekly = await measure(1_000, (i) => room.api.weekly({ user: userAt(i) }, ctx))
    const recommend = await measure(300, (i) => room.api.recommend({ user: userAt(i), k: 30 }, ctx))
    const users = await measure(200, () => room.api.listUsers({ limit: 100 }, ctx))
    return [
      { name: `recommendations: follow ${BATCH.toLocaleString('en-US')} events and write`, ...toFigure(follow, MARKS.followMs) },
      { name: 'recommendations: a round of each job, nothing due', ...toFigure(idle, MARKS.idleMs, 4) },
      { name: 'recommendations: a round of the week, lists not possible yet', ...toFigure(waiting, MARKS.idleMs, 4) },
      { name: `recommendations: learn from ${model.interactions.toLocaleString('en-US')} interactions, twice, measured`, ...toFigure(trainedMs - startedMs, MARKS.trainMs) },
      { name: `recommendations: make ${model.lists.toLocaleString('en-US')} lists`, ...toFigure(listedMs - trainedMs, MARKS.listsMs) },
      { name: 'recommendations: weekly, mean', ...toFigure(weekly, MARKS.answerMs, 2) },
      { name: 'recommendations: recommend 30 now, mean', ...toFigure(recommend, MARKS.answerMs, 2) },
      { name: 'recommendations: list 100 listeners, mean', ...toFigure(users, MARKS.answerMs, 2) },
      { name: 'recommendations: recall@20 of the weekly model', figure: `${model.metrics['recall@20']?.toFixed(3)}, NDCG ${model.metrics['ndcg@20']?.toFixed(3)}` },
    ]
  } finally {
    await room.close()
  }
}

/** Mean of the rounds but the first two; every fourth of them writes. */
async function measureFollowing(room: BenchRoom): Promise<number> {
  const times: number[] = []
  for (;;) {
    const startedMs = cpuMs()
    const taken = await room.runJob('follow')
    if (taken === 0) break
    times.push(cpuMs() - startedMs)
  }
  const counted = times.slice(2)
  return counted.reduce((sum, ms) => sum + ms, 0) / counted.length
}

async function measure(rounds: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const startedMs = cpuMs()
  for (let i = 0; i < rounds; i += 1) await work(i)
  return (cpuMs() - startedMs) / rounds
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function toFigure(ms: number, markMs: number, digits = 0): Pick<BenchResult, 'figure' | 'mark' | 'ok'> {
  return { figure: `${ms.toFixed(digits)} ms`, mark: `< ${markMs} ms`, ok: ms < markMs }
}
