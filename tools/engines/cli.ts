// Starts, stops and shows the engines that stores can run on: npm run engines -- up kafka postgres | down | status
import { toAppError } from '@rondo/errors'
import { assignPorts } from './assign-ports.ts'
import { engines } from './engines.ts'
import { createInstaller } from './install/installer.ts'
import { parseArguments, type Arguments } from './parse-arguments.ts'
import { findCache, findSet } from './places.ts'
import { renderStatus } from './render-status.ts'
import { start } from './start.ts'
import { stop } from './stop.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function up({ engines: names, portBase, fresh }: Arguments, set: string): Promise<void> {
  const installer = createInstaller(findCache(), say)
  for (const name of names) {
    const startMs = performance.now()
    const { state, wasRunning } = await start(engines[name], { set, installer, ports: assignPorts(name, portBase), fresh })
    say(`${name.padEnd(10)} ${state.url}   ${wasRunning ? 'is running already' : `ready in ${((performance.now() - startMs) / 1000).toFixed(1)} s`} (pid ${state.pid})`)
    for (const [key, value] of Object.entries(state.env)) say(`${''.padEnd(10)} ${key}=${value}`)
    if (wasRunning && fresh) say(`${''.padEnd(10)} --fresh did nothing: stop it first, npm run engines -- down ${name}`)
  }
}

async function down({ engines: names }: Arguments, set: string): Promise<void> {
  const words = { clean: 'stopped', forced: 'did not stop when asked and was killed', dead: 'was dead already', 'was-stopped': 'is not running' }
  for (const name of names.toReversed()) say(`${name.padEnd(10)} ${words[await stop(engines[name], set)]}`)
}

try {
  const parsed = parseArguments(process.argv.slice(2))
  const set = parsed.set ?? findSet()
  if (parsed.command === 'up') await up(parsed, set)
  else if (parsed.command === 'down') await down(parsed, set)
  else say(await renderStatus(set, parsed.engines))
} catch (thrown) {
  const error = toAppError(thrown)
  process.stderr.write(`${error.message}\n${error.help === undefined ? '' : `${error.help}\n`}`)
  process.exitCode = error.kind === 'invalid' ? 2 : 1
}
