// Imports files of a workspace in a thread of their own, each within a limit, so that a file which never returns is named instead of waited for.
import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Asked, Fault, Told } from './import-files-worker.ts'
import { findLineOfStack } from './line-of-stack.ts'

/** What one file exports by default, as data, or what is wrong with it. */
export type Imported = { exported: unknown } | { fault: Fault }

/** Every file anew, with all that it imports. After one that does not return within `limitMs` none is read: the others have nothing to say of. */
export async function importFiles(folder: string, files: string[], limitMs: number): Promise<Map<string, Imported>> {
  const imported = new Map<string, Imported>()
  const worker = new Worker(new URL('./import-files-worker.ts', import.meta.url), { workerData: files.map((file) => ({ file, path: resolve(folder, file) })) satisfies Asked })
  const { promise, resolve: finish } = Promise.withResolvers<void>()
  let [current = ''] = files
  let heard = 0
  let timer: NodeJS.Timeout | undefined
  const fail = (message: string, help?: string): void => {
    if (!imported.has(current)) imported.set(current, { fault: { line: 1, message, ...(help === undefined ? {} : { help }) } })
    finish()
  }
  const watch = (): void => {
    clearTimeout(timer)
    const before = heard
    timer = setTimeout(() => {
      // Where this thread itself was busy for so long, what the other one said meanwhile is heard first.
      setImmediate(() => {
        if (heard === before) fail(`The file does not return within ${limitMs / 1000} s.`, 'Look for a loop or an await in it, or in what it imports, that never ends.')
      })
    }, limitMs)
  }
  worker.on('message', (told: Told) => {
    heard += 1
    current = told.file
    // A fault that a file left behind may be heard before what it exports.
    if (!('begun' in told) && !imported.has(told.file)) imported.set(told.file, told)
    if (imported.size === files.length) finish()
    else watch()
  })
  worker.on('error', (thrown: Error) => {
    const message = `${thrown.name}: ${thrown.message.split('\n', 1)[0]}`
    // What a file left running may throw while a later one is read: the stack says whose it is.
    const at = files.map((file) => ({ file, line: findLineOfStack(thrown.stack ?? '', resolve(folder, file)) })).find(({ line }) => line !== undefined)
    if (at?.line === undefined) return fail(message)
    worker.removeAllListeners('exit')
    imported.set(at.file, { fault: { line: at.line, message, ...(at.file === current ? {} : { help: 'It was thrown after the file was imported: nothing may go on running behind a definition.' }) } })
    finish()
  })
  worker.on('exit', () => fail('The file ends the process, or awaits what never comes.', 'A definition file only exports what it defines.'))
  watch()
  await promise
  clearTimeout(timer)
  await worker.terminate()
  return imported
}
