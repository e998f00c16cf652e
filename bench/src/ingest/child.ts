// A process of its own for each side of a measurement: what it costs is asked of it, and nobody pays for another.
import { fork } from 'node:child_process'
import { join } from 'node:path'

export type Usage = { cpuSeconds: number; peakBytes: number }

export type Child = {
  /** One question, one answer; throws what the child threw. */
  ask<Answer>(question: object): Promise<Answer>
  end(): Promise<void>
}

/** Runs a file of this folder that calls `answerParent`. Standard error is shared. `flags` are the engine's. */
export async function startChild(file: string, args: string[] = [], flags: string[] = []): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: flags })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const left = (): void => reject(new Error(`${file} ended before it answered.`))
      child.once('exit', left)
      child.once('message', (message: { answer?: unknown; error?: string }) => {
        child.off('exit', left)
        if (message.error === undefined) resolve(message.answer)
        else reject(new Error(message.error))
      })
    })
  await next()
  return {
    async ask<Answer>(question: object) {
      const answer = next()
      child.send(question)
      return (await answer) as Answer
    },
    async end() {
      child.disconnect()
      await ended
    },
  }
}

/** The child's side: answers one question after the other and ends with its parent. `usage` is answered for all. */
export function answerParent(answer: (question: Record<string, unknown>) => unknown, close: () => Promise<void> = async () => undefined): void {
  const send = (message: object): void => void process.send?.(message)
  process.on('message', (question: Record<string, unknown>) => {
    const work = async (): Promise<unknown> => (question['usage'] === true ? readUsage() : answer(question))
    work().then((value) => send({ answer: value }), (thrown: unknown) => send({ error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) }))
  })
  process.on('disconnect', () => void close().finally(() => process.exit()))
  send({ answer: 'ready' })
}

/** All threads of this process, since it began. */
function readUsage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 }
}
