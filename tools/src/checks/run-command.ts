// Runs a tool of node_modules and keeps what it says.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export type Outcome = { ok: boolean; output: string }

/** `tool` is a name in node_modules/.bin. Standard output and error are kept together, in order of arrival. */
export function runTool(root: string, tool: string, args: string[], cwd: string = root): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(resolve(root, 'node_modules/.bin', tool), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
    child.once('error', (error) => done({ ok: false, output: `${tool} cannot be started: ${error.message}` }))
    child.once('close', (code) => done({ ok: code === 0, output: Buffer.concat(chunks).toString().trim() }))
  })
}
