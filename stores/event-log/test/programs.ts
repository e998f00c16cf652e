// Programs that are clients of a log, and what they wrote.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ctx, type LogFace } from './face-of-log.ts'

/** What a program says, given lines on its input. */
export async function runProgram(program: string, args: string[], input: string[] = []): Promise<string[]> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(input.map((line) => `${line}\n`).join(''))
  const closed = once(child, 'close')
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  await closed
  return text.split('\n').filter((line) => line !== '')
}

export async function listValues({ log }: LogFace, topic: string, partition = 0): Promise<string[]> {
  return (await log.read({ topic, partition, offset: 0 }, ctx)).map(({ value }) => Buffer.from(value).toString())
}
