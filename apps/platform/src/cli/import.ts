// `rondo import FORMAT PATH`: real listening through the collector, then the loop over it once.
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '@rondo/errors'
import { eventsContract, type WireEvent } from '@rondo/events/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import { platformContract } from '../contract.ts'
import { errors } from '../errors.ts'
import type { ImportFormat } from '../import/format.ts'
import { hetrec } from '../import/hetrec.ts'
import { json } from '../import/json.ts'
import { movielens } from '../import/movielens.ts'
import { sendAll, type Answer, type Tally } from '../import/send-all.ts'
import { positional, type Command } from './command.ts'
import { withConnection, type Connection } from './connect.ts'
import { findPlace, toPlaceOptions } from './place.ts'
import type { Terminal } from './terminal.ts'

const FORMATS = [hetrec, movielens, json]
const AGAIN = 'Run the same import again: it goes on where it was.'

export const command: Command = {
  name: 'import',
  summary: 'Sends real listening through the collector, then learns from it. Cut off, it goes on where it was; the same file again changes nothing.',
  usage: FORMATS.map((format) => `import ${format.name} PATH`.padEnd(24) + format.expects),
  example: 'rondo import hetrec ../lastfm-2k',
  words: 2,
  later: ['listenbrainz', 'spotify', 'lastfm-csv'],
  options: { 'no-refresh': { type: 'boolean' } },
  optionHelp: { '--no-refresh': 'send only; do not train and make lists at the end' },
  async run(args, terminal) {
    const name = positional(args, 0, 'FORMAT', 'import')
    const format = FORMATS.find((known) => known.name === name)
    if (format === undefined) throw errors.usage({ text: `"${name}" is no format; there are ${FORMATS.map((known) => known.name).join(', ')}.`, command: 'import' })
    const path = resolve(positional(args, 1, 'PATH', 'import'))
    const total = await format.countLines(path)
    const checkpoint = join(findPlace(args).data, 'imports', `${await fingerprint(format, path)}.json`)
    return withConnection(args, async (connection) => {
      const nowMs = await findNow(connection)
      const startedAt = performance.now()
      const tally = await sendAll({ source: format.read(path, nowMs), send: createSend(connection), checkpoint, onProgress: (so) => terminal.progress(toBar(so, total, startedAt)) })
      const seconds = (performance.now() - startedAt) / 1000
      for (const { file, line, reason } of tally.rejects) terminal.say(`${file}:${line}: ${reason}`)
      const refreshed = args.values['no-refresh'] === true ? undefined : await refresh(connection, terminal)
      const { rejects, ...counts } = tally
      terminal.object({ ...counts, rejects, seconds, refreshed }, () =>
        [
          `${tally.accepted.toLocaleString('en-US')} accepted, ${tally.duplicate.toLocaleString('en-US')} there already, ${tally.dead.toLocaleString('en-US')} refused${tally.skipped === 0 ? '' : `, ${tally.skipped.toLocaleString('en-US')} done before`}; ${seconds.toFixed(1)} s.`,
          ...(refreshed === undefined ? [] : [`Learned from ${refreshed.interactions.toLocaleString('en-US')} interactions of ${refreshed.users.toLocaleString('en-US')} listeners. Try: npx rondo recommend ${format.userPrefix}2${toPlaceOptions(args)}`]),
        ].join('\n'),
      )
      return 0
    })
  },
}

/** Names this source, so that a changed file begins anew. */
async function fingerprint(format: ImportFormat, path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  return `${format.name}-${createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('hex').slice(0, 16)}`
}

/** The platform's now: a simulated world lives in another time than this machine. */
async function findNow({ peer, ctx }: Connection): Promise<number> {
  return Date.parse((await peer(platformContract).info({}, ctx)).now)
}

function createSend({ server, peer, ctx }: Connection): (events: WireEvent[]) => Promise<Answer[]> {
  if (server === undefined) return async (events) => (await peer(eventsContract).publish({ body: { events } }, ctx)).results
  return async (events) => {
    const body = events.map((event) => JSON.stringify(event)).join('\n')
    try {
      const response = await fetch(`${server.url}/v1/events`, { method: 'POST', body, headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/x-ndjson' } })
      if (response.ok) return ((await response.json()) as { results: Answer[] }).results
      const problem = (await response.json().catch(() => ({}))) as { detail?: string; code?: string; help?: string }
      throw new AppError({ code: problem.code ?? `HTTP_${response.status}`, kind: 'unavailable', message: problem.detail ?? `The collector answered ${response.status}.`, help: problem.help ?? AGAIN })
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown
      throw new AppError({ code: 'UNREACHABLE', kind: 'unavailable', message: `"${server.url}" does not answer any more.`, details: { url: server.url }, help: AGAIN, cause: thrown })
    }
  }
}

async function refresh(connection: Connection, terminal: Terminal): Promise<{ users: number; interactions: number }> {
  terminal.progress('Landing…')
  await connection.settle()
  await connection.peer(eventsContract).land({}, connection.ctx)
  terminal.progress('Learning…')
  return connection.peer(recommendationsContract).refresh({ body: { provisional: true } }, connection.ctx)
}

function toBar(tally: Tally, total: number, startedAt: number): string {
  const done = tally.skipped + tally.sent
  const share = Math.min(1, done / Math.max(1, total))
  const rate = Math.round(tally.sent / ((performance.now() - startedAt) / 1000))
  return `${'━'.repeat(Math.round(share * 24)).padEnd(24, '─')} ${Math.floor(share * 100)} %  ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}  ${rate.toLocaleString('en-US')}/s`
}
