// Runs a program to its end; a missing program is named together with how to install it.
import { spawn } from 'node:child_process'
import { errors } from '../errors.ts'

const installs: Record<string, string> = {
  mvn: 'apt-get install -y maven',
  java: 'apt-get install -y openjdk-17-jre-headless',
  go: 'https://go.dev/dl (1.24 or newer)',
  'apt-get': 'engines that come by apt need Debian or Ubuntu; on another system install PostgreSQL by its own means and put its programs on the path',
  openssl: 'apt-get install -y openssl',
  setpriv: 'apt-get install -y util-linux',
}

export type RunOptions = { cwd?: string; env?: Record<string, string>; /** Switches to this user first; root only. */ user?: string }

/** Standard output and error together, in order of arrival; any end but 0 throws with the last of it. */
export function runProgram(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  const [called, calledArgs] = options.user === undefined ? [program, args] : ['setpriv', [...asUser(options.user), program, ...args]]
  return new Promise((done, fail) => {
    const child = spawn(called, calledArgs, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
    child.once('error', (error) => fail(explain(called, error)))
    child.once('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString().trim()
      if (code === 0) done(output)
      else fail(errors.programFailed({ command: [program, ...args].join(' '), code: code ?? signal ?? 'nothing', output: output.slice(-2000) }))
    })
  })
}

/** Arguments of setpriv that make what follows run as `user`. */
export function asUser(user: string): string[] {
  return [`--reuid=${user}`, `--regid=${user}`, '--init-groups']
}

/** "ENOENT" of a program as a sentence that says what to install. */
export function explain(program: string, error: Error): Error {
  if (!('code' in error) || error.code !== 'ENOENT') return error
  return errors.programMissing({ program, install: installs[program] ?? `find "${program}" in your system's packages` }, error)
}
