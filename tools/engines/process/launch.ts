// Starts the process of an engine in the background, its words going to a file.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../engine.ts'
import { asUser, explain } from '../install/run-program.ts'

export type LaunchOptions = {
  /** Working folder; the file `log` in it takes both outputs, that of the start before is kept as `log.previous`. */
  folder: string
  user?: string
  /** Ends the engine at once when this process ends, however it ends. Otherwise the engine outlives it. */
  tied: boolean
}

/** The process number, as soon as the process exists. */
export function launch(command: Command, options: LaunchOptions): Promise<number> {
  const log = join(options.folder, 'log')
  if (existsSync(log)) renameSync(log, `${log}.previous`)
  const output = openSync(log, 'w', 0o644)
  const switches = [...(options.user === undefined ? [] : asUser(options.user)), ...(options.tied ? ['--pdeathsig', 'KILL'] : [])]
  const [program, args] = switches.length === 0 ? [command.program, command.args] : ['setpriv', [...switches, command.program, ...command.args]]
  const child = spawn(program, args, { cwd: options.folder, env: { ...process.env, ...command.env }, stdio: ['ignore', output, output], detached: true })
  closeSync(output)
  child.unref()
  return new Promise((done, fail) => {
    child.once('error', (error) => fail(explain(program, error)))
    child.once('spawn', () => done(child.pid ?? 0))
  })
}
