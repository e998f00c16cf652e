// The `rondo` command as its users run it: child processes on real folders and ports.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { CHECKOUT } from '../src/cli/place.ts'

/** For a line that never comes. */
const PATIENCE_MS = 45_000

const RONDO = join(CHECKOUT, 'apps/platform/bin/rondo.ts')

/** Keys of every server that is started here. */
export const KEYS = { admin: 'admin-token-of-tests', write: 'write-key-of-tests', client: 'client-secret-of-tests' } as const

export const WITH_KEYS: Record<string, string> = { RONDO_ADMIN_TOKEN: KEYS.admin, RONDO_WRITE_KEY: KEYS.write, RONDO_CLIENT_SECRET: KEYS.client }

export type Ended = { code: number | null; out: string; err: string }

export type RunningPlatform = AsyncDisposable & {
  readonly url: string
  readonly pid: number
  readonly folder: string
  /** From spawn to the port. */
  readonly startMs: number
  /** All it said so far. */
  said(): string
  /** Resolves with the first line it says, from now on, that matches. */
  hears(pattern: RegExp): Promise<string>
  /** The same, or at once with a line it has said before. */
  hasSaid(pattern: RegExp): Promise<string>
  /** kill -9 */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  residentBytes(): Promise<number>
}

export type Starting = { readonly pid: number; readonly listening: Promise<RunningPlatform>; kill(): Promise<void> }

/** `rondo ARGS` to its end. */
export async function runRondo(args: string[], options: { env?: Record<string, string>; onSpawn?: (child: ChildProcess) => void } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [RONDO, ...args], { cwd: CHECKOUT, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
  options.onSpawn?.(child)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** `rondo up --world off --port 0 --data FOLDER`, listening. */
export function startUp(folder: string, args: string[] = []): Promise<RunningPlatform> {
  return beginUp(folder, args).listening
}

export function beginUp(folder: string, args: string[] = []): Starting {
  return begin(folder, ['up', '--world', 'off', '--port', '0', '--data', folder, ...args])
}

/** `rondo serve ROOM… --data FOLDER`, listening on a port that the caller chose. */
export function startServe(folder: string, rooms: string[], args: string[], env: Record<string, string> = {}): Promise<RunningPlatform> {
  return begin(folder, ['serve', ...rooms, '--data', folder, ...args], env).listening
}

function begin(folder: string, args: string[], env: Record<string, string> = {}): Starting {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [RONDO, ...args], { cwd: CHECKOUT, env: { ...process.env, ...WITH_KEYS, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close') as Promise<[number | null]>
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    for (const listener of listeners) listener(line)
  })
  const hears = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`rondo ${args[0]} never said ${String(pattern)}:\n${lines.join('\n')}`)), PATIENCE_MS)
      const listener = (line: string): void => {
        if (!pattern.test(line)) return
        listeners.delete(listener)
        clearTimeout(giveUp)
        resolve(line)
      }
      listeners.add(listener)
      void closed.then(() => clearTimeout(giveUp)).then(() => reject(new Error(`rondo ${args[0]} ended before it said ${String(pattern)}:\n${lines.join('\n')}`)))
    })
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    return (await closed)[0]
  }
  const kill = async (): Promise<void> => void (await end('SIGKILL'))
  const pid = child.pid ?? 0
  const listening = hears(/listening/).then((line): RunningPlatform => ({
    url: /https?:\/\/[^\s"]+/.exec(line)?.[0] ?? '',
    ...{ pid, folder, kill, hears },
    hasSaid: async (pattern) => lines.find((line) => pattern.test(line)) ?? (await hears(pattern)),
    startMs: performance.now() - startedAt,
    said: () => lines.join('\n'),
    stop: () => end('SIGTERM'),
    residentBytes: async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    [Symbol.asyncDispose]: kill,
  }))
  listening.catch(() => {})
  return { pid, listening, kill }
}

export type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown> }

/** One request; `key` goes as Bearer, the admin token unless told. */
export async function call(url: string, method: string, path: string, options: { key?: string | null; body?: unknown; raw?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { key = KEYS.admin, body, raw } = options
  const headers: Record<string, string> = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers }
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(`${url}${path}`, { method, headers, redirect: 'manual', ...(payload === undefined ? {} : { body: payload }) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: toObject(text) }
}

/** Rows of a list route. */
export async function listRows<Row>(url: string, path: string, body?: unknown): Promise<Row[]> {
  const { status, json, text } = await call(url, body === undefined ? 'GET' : 'POST', path, body === undefined ? {} : { body })
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`)
  return json['rows'] as Row[]
}

function toObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Asks `/readyz` until the answer is `status`, which must come within `limitMs`. */
export async function waitForReadiness(process: RunningPlatform, status: 200 | 503, limitMs = 30_000): Promise<Answer> {
  const until = performance.now() + limitMs
  for (;;) {
    const answer = await call(process.url, 'GET', '/readyz', { key: null })
    if (answer.status === status) return answer
    if (performance.now() > until) throw new Error(`/readyz still says ${answer.status}: ${answer.text}\n${process.said().split('\n').slice(-5).join('\n')}`)
    await pause(100)
  }
}
