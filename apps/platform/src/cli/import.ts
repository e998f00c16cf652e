// `rondo import FORMAT PATH`: real listening through the collector, then the loop over it once.
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError, toAppError } from '@rondo/errors'
import { eventsContract, type WireEvent } from '@rondo/events/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import { platformContract } from '../contract.ts'
import { errors } from '../errors.ts'
import type { Imported, ImportFormat } from '../import/format.ts'
import { hetrec } from '../import/hetrec.ts'
import { json } from '../import/json.ts'
import { movielens } from '../import/movielens.ts'
import { sendAll, type Answer, type Tally } from '../import/send-all.ts'
import { wordOf, type Command } from './command.ts'
import { withConnection, type Connection } from './connect.ts'
import { findPlace, toPlaceOptions } from './place.ts'
import { listenForStop } from './signals.ts'
import type { Terminal } from './terminal.ts'

const FORMATS = [hetrec, movielens, json]
const AGAIN = 'Run the same import again: it goes on where it was.'

export const command: Command = {
  name: 'import',
  summary: 'Sends real listening through the collector, then learns from it. Cut off, it goes on where it was; the same file again changes nothing.',
  usage: FORMATS.map((format) => `import ${format.name} PATH`.padEnd(24) + format.expects),
  example: 'rondo import hetrec ../lastfm-2k',
  words: ['FORMAT', 'PATH'],
  later: ['listenbrainz', 'spotify', 'lastfm-csv'],
  options: { 'no-refresh': { type: 'boolean' } },
  optionHelp: { '--no-refresh': 'send only; do not train and make lists at the end' },
  async run(args, terminal) {
    const name = wordOf(args, 0)
    const format = FORMATS.find((known) => known.name === name)
    if (format === undefined) throw errors.usage({ text: `"${name}" is no format; there are ${FORMATS.map((known) => known.name).join(', ')}.`, command: 'import' })
    const path = resolve(wordOf(args, 1))
    const total = await format.countLines(path)
    const checkpoint = join(findPlace(args).data, 'imports', `${await fingerprint(format, path)}.json`)
    return withConnection(args, terminal, async (connection) => {
      const startedAt = performance.now()
      const seconds = (): number => (performance.now() - startedAt) / 1000
      const { tally, taken, interrupted } = await sendUntilStopped(format.read(path, await findNow(connection)), connection, checkpoint, (so) => terminal.progress(toBar(so, total, seconds())), (so) => {
        if (!terminal.json) terminal.say(toSummary(so, seconds()))
      })
      for (const { file, line, reason } of tally.rejects) terminal.say(`${file}:${line}: ${reason}`)
      if (tally.dead > tally.rejects.length) terminal.say(`… and ${toNumber(tally.dead - tally.rejects.length)} more.`)
      if (!terminal.json) terminal.out(toSummary(tally, seconds()))
      const refreshed = args.values['no-refresh'] === true || interrupted || !taken ? undefined : await refresh(connection, terminal)
      if (terminal.json) terminal.object({ ...tally, seconds: seconds(), interrupted, refreshed }, () => '')
      else if (refreshed !== undefined) terminal.out(`Learned from ${toNumber(refreshed.interactions)} interactions of ${toNumber(refreshed.users)} listeners. Try: npx rondo recommend ${format.userPrefix}2${toPlaceOptions(args)}`)
      if (interrupted) terminal.say(`Stopped. ${AGAIN}`)
      else if (!taken) terminal.say(tally.dead === 0 ? `"${path}" holds no events.` : 'Nothing was taken.')
      return interrupted || !taken ? 1 : 0
    }, { makesFolder: true })
  },
}

/** Ctrl-C lets what is under way be answered. `onFailure` is told how far it came before the error is thrown. */
async function sendUntilStopped(source: AsyncIterable<Imported>, connection: Connection, checkpoint: string, onProgress: (tally: Tally) => void, onFailure: (tally: Tally) => void): Promise<{ tally: Tally; taken: boolean; interrupted: boolean }> {
  using stop = listenForStop()
  const stopping = new AbortController()
  void stop.asked.then(() => stopping.abort())
  let latest: Tally | undefined
  try {
    const sent = await sendAll({
      source,
      send: createSend(connection),
      checkpoint,
      signal: stopping.signal,
      onProgress(tally) {
        latest = tally
        onProgress(tally)
      },
    })
    return { ...sent, interrupted: stopping.signal.aborted }
  } catch (thrown) {
    if (latest !== undefined) onFailure(latest)
    throw thrown
  }
}

function toSummary(tally: Tally, seconds: number): string {
  return `${toNumber(tally.accepted)} accepted, ${toNumber(tally.duplicate)} there already, ${toNumber(tally.dead)} refused${tally.skipped === 0 ? '' : `, ${toNumber(tally.skipped)} done before`}; ${seconds.toFixed(1)} s.`
}

function toNumber(count: number): string {
  return count.toLocaleString('en-US')
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
      throw thrown instanceof AppError ? thrown : toServerGone(server.url, thrown)
    }
  }
}

/** Whoever stopped the server may start it, and nobody has to: without one the import opens the folder itself. */
function toServerGone(url: string, cause: unknown): AppError {
  return new AppError({ code: 'UNREACHABLE', kind: 'unavailable', message: `"${url}" does not answer any more.`, details: { url }, help: `${AGAIN} It needs no server; to have one, start it first with \`npx rondo up\`.`, cause })
}

/** Undefined, with the reason said, while there is too little to learn from: what was taken is taken all the same. */
async function refresh(connection: Connection, terminal: Terminal): Promise<{ users: number; interactions: number } | undefined> {
  try {
    terminal.progress('Landing…')
    await connection.settle()
    await connection.peer(eventsContract).land({}, connection.ctx)
    terminal.progress('Learning…')
    return await connection.peer(recommendationsContract).refresh({ body: { provisional: true } }, connection.ctx)
  } catch (thrown) {
    const { code, message } = toAppError(thrown)
    if (code === 'UNREACHABLE' && connection.server !== undefined) throw toServerGone(connection.server.url, thrown)
    if (code !== 'TOO_LITTLE_DATA') throw thrown
    terminal.say(`Nothing was learned yet: ${message}`)
    return undefined
  }
}

function toBar({ lines, sent }: Tally, total: number, seconds: number): string {
  const share = Math.min(1, lines / Math.max(1, total))
  return `${'━'.repeat(Math.round(share * 24)).padEnd(24, '─')} ${Math.floor(share * 100)} %  ${toNumber(lines)} of ${toNumber(total)} lines  ${toNumber(Math.round(sent / seconds))} events/s`
}
