// The thread in which files of a workspace are imported: what they hold comes back as data, and code that never returns holds up nobody else.
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { registerAuthoring } from './authoring-resolver.ts'
import { findLineOfStack } from './line-of-stack.ts'

export type Fault = { line: number; message: string; help?: string }

/** `begun`: the file is being imported; then either what it exports by default, or what is wrong with it. */
export type Told = { file: string } & ({ begun: true } | { exported: unknown } | { fault: Fault })

export type Asked = { path: string; file: string }[]

async function importAll(asked: Asked, tell: (told: Told) => void): Promise<void> {
  registerAuthoring()
  for (const { path, file } of asked) {
    tell({ file, begun: true })
    try {
      const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
      if (module.default === undefined) tell({ file, fault: { line: 1, message: 'There is no default export.', help: 'Write `export default define…({ … })`.' } })
      else tell({ file, exported: module.default })
    } catch (thrown) {
      tell({ file, fault: toFault(thrown, path) })
    }
  }
}

function toFault(thrown: unknown, path: string): Fault {
  if (thrown instanceof DOMException && thrown.name === 'DataCloneError') return { line: 1, message: `A definition is data, and this one holds something else: ${thrown.message.split('\n', 1)[0]}`, help: 'Export what defineEvent, defineEndpoint, … return, without functions in it.' }
  const { name, message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown))
  return { line: findLineOfStack(stack, path) ?? 1, message: `${name}: ${message.split('\n', 1)[0]}` }
}

void importAll(workerData as Asked, (told) => parentPort?.postMessage(told))
